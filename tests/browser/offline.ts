import assert from "node:assert/strict";
import { waitFor } from "../support/wait-for";
import type { SharedTests } from "./browser-environment";

/** Outage of all regions. */
export const offline: SharedTests = (environment) => {
  it("reports that no region responds, keeps the input, and saves it when they respond", async () => {
    const { cloud } = environment();
    await environment().ireland.create("Seen before the outage");
    await environment().waitForEqualLists("Seen before the outage");
    const ui = await environment().open();
    await ui.card("Seen before the outage").waitFor();
    for (const region of ["ireland", "singapore"]) await cloud.setRegion(region, "down");
    await ui.pill.getByText("No region available").waitFor();
    await ui.notice("What you type is kept.");
    assert.equal(await ui.card("Seen before the outage").count(), 1);
    // The notice that one region failed before the other disappears after some seconds.
    await waitFor(
      async () => {
        const visibleText = await ui.page.evaluate<string>(`(() => {
          for (const element of document.querySelectorAll(".for-readers")) element.hidden = true;
          const text = document.body.innerText;
          for (const element of document.querySelectorAll(".for-readers")) element.hidden = false;
          return text;
        })()`);
        return visibleText.match(/respond|available|answer/gi)?.length === 2;
      },
      { what: "only the pill and its sentence to show the outage" },
    );

    await ui.createForm.getByLabel("Description").fill("Typed offline");
    await ui.create("Kept through the outage");
    await ui.createForm.getByRole("alert").getByText("Retrying is safe").waitFor();
    assert.equal(await ui.createForm.getByLabel("Subject").inputValue(), "Kept through the outage");
    assert.equal(await ui.card("Kept through the outage").count(), 0);

    await ui.press("Close", "Seen before the outage");
    await ui.card("Seen before the outage").getByRole("alert").getByText("Retrying is safe").waitFor();
    await ui.card("Seen before the outage").getByText("Open", { exact: true }).waitFor();

    for (const region of ["ireland", "singapore"]) await cloud.setRegion(region, "up");
    await ui.page.reload();
    assert.equal(await ui.createForm.getByLabel("Subject").inputValue(), "Kept through the outage");
    assert.equal(await ui.createForm.getByLabel("Description").inputValue(), "Typed offline");
    // The regions start slowly, so more than one attempt may be necessary. Retries never create a second ticket.
    const submit = ui.createForm.getByRole("button", { name: "Create ticket" });
    await waitFor(
      async () => {
        if ((await submit.getAttribute("aria-disabled")) === "false") await submit.click();
        return (await ui.createForm.getByLabel("Subject").inputValue()) === "";
      },
      { what: "the ticket to be created", withinMs: 60_000 },
    );
    await ui.card("Kept through the outage").getByText("Typed offline").waitFor();
    const subjects = await environment().waitForEqualLists("Kept through the outage");
    assert.equal(subjects.filter((subject) => subject === "Kept through the outage").length, 1);
  });

  it("reports what is missing when the web UI is not configured, and retries", async () => {
    const { browser, url } = environment();
    const page = await browser.newPage();
    let missing = true;
    await page.route("**/config.json", (route) =>
      missing ? route.fulfill({ status: 404 }) : route.continue(),
    );
    await page.goto(url);
    await page.getByRole("alert").getByText("the server returned 404").waitFor();
    missing = false;
    await page.getByRole("button", { name: "Try again" }).click();
    await waitFor(async () => page.getByRole("heading", { name: "All tickets" }).isVisible(), {
      what: "the tickets",
    });
    await page.close();
  });
};
