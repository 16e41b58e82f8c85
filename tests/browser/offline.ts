import assert from "node:assert/strict";
import { waitFor } from "../support/wait-for";
import type { Cases } from "./browser-environment";

/** No region answers. */
export const offline: Cases = (stage) => {
  it("reports that no region responds, keeps the input, and saves it when they respond", async () => {
    const { cloud } = stage();
    await stage().ireland.create("Seen before the outage");
    await stage().agreed();
    const page = await stage().open();
    await page.card("Seen before the outage").waitFor();
    for (const region of ["ireland", "singapore"]) await cloud.setRegion(region, "down");
    await page.pill.getByText("No region available").waitFor();
    await page.notice("What you type is kept.");
    assert.equal(await page.card("Seen before the outage").count(), 1);
    // A notice that one region failed before the other goes away by itself.
    await waitFor(
      async () => {
        const said = await page.page.evaluate<string>(`(() => {
          for (const element of document.querySelectorAll(".for-readers")) element.hidden = true;
          const text = document.body.innerText;
          for (const element of document.querySelectorAll(".for-readers")) element.hidden = false;
          return text;
        })()`);
        return said.match(/respond|available|answer/gi)?.length === 2;
      },
      { what: "the outage to be told by the pill and its sentence only" },
    );

    await page.createForm.getByLabel("Description").fill("Typed offline");
    await page.create("Kept through the outage");
    await page.createForm.getByRole("alert").getByText("Retrying is safe").waitFor();
    assert.equal(await page.createForm.getByLabel("Subject").inputValue(), "Kept through the outage");
    assert.equal(await page.card("Kept through the outage").count(), 0);

    await page.press("Close", "Seen before the outage");
    await page.card("Seen before the outage").getByRole("alert").getByText("Retrying is safe").waitFor();
    await page.card("Seen before the outage").getByText("Open", { exact: true }).waitFor();

    for (const region of ["ireland", "singapore"]) await cloud.setRegion(region, "up");
    await page.page.reload();
    assert.equal(await page.createForm.getByLabel("Subject").inputValue(), "Kept through the outage");
    assert.equal(await page.createForm.getByLabel("Description").inputValue(), "Typed offline");
    // The regions start slowly, so it may need more than one try; that never makes a second ticket.
    const submit = page.createForm.getByRole("button", { name: "Create ticket" });
    await waitFor(
      async () => {
        if ((await submit.getAttribute("aria-disabled")) === "false") await submit.click();
        return (await page.createForm.getByLabel("Subject").inputValue()) === "";
      },
      { what: "the ticket to be created", withinMs: 60_000 },
    );
    await page.card("Kept through the outage").getByText("Typed offline").waitFor();
    const subjects = await stage().agreed();
    assert.equal(subjects.filter((subject) => subject === "Kept through the outage").length, 1);
  });

  it("reports what is missing when the web UI is not configured, and retries", async () => {
    const { browser, url } = stage();
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
