import assert from "node:assert/strict";
import { waitFor } from "../support/wait-for";
import type { WebUiDriver } from "./web-ui-driver";
import { HeldRequests } from "./held-requests";
import type { SharedTests } from "./browser-environment";

const PHONE = { viewport: { width: 390, height: 800 }, hasTouch: true };

/** Browser history and links. */
export const navigation: SharedTests = (environment) => {
  it("moves back and forward through filters", async () => {
    const { page } = await environment().open();
    await page.getByRole("button", { name: "Open", exact: true }).click();
    await page.getByRole("button", { name: "Closed", exact: true }).click();
    await page.getByRole("heading", { name: "Closed tickets" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Open tickets" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "All tickets" }).waitFor();
    await page.goForward();
    await page.getByRole("heading", { name: "Open tickets" }).waitFor();
  });

  it("adds no history entry during typing", async () => {
    const { page } = await environment().open();
    const length = (): Promise<number> => page.evaluate<number>("history.length");
    const before = await length();
    await page.getByRole("search").getByLabel("Assignee").pressSequentially("Saoirse");
    await page.locator("#new-subject").pressSequentially("Typed");
    assert.ok((await length()) <= before + 1, "one entry for the whole name at most");
  });

  for (const options of [{}, PHONE])
    it(`closes the edit dialog with Back, which keeps the input, and opens it with Forward, ${"viewport" in options ? "on a phone" : "on a desktop"}`, async () => {
      const subject = `Edited ${"viewport" in options ? "on a phone" : "on a desktop"}`;
      await environment().ireland.create(subject);
      const ui = await environment().open(options);
      await ui.press("Edit", subject);
      await ui.dialog.getByLabel("Customer").fill("Maeve Byrne");
      await ui.page.goBack();
      await ui.dialog.waitFor({ state: "detached" });
      await ui.notice("What you have typed is kept.");
      await ui.page.goForward();
      assert.equal(await ui.dialog.getByLabel("Customer").inputValue(), "Maeve Byrne");
      await ui.dialog.getByRole("button", { name: "Save" }).click();
      await ui.dialog.waitFor({ state: "detached" });
      await ui.card(subject).getByText("Maeve Byrne").waitFor();
      await ui.list.waitFor();
    });

  it("reports the result of a save after Back, and keeps the input if it failed", async () => {
    await environment().ireland.create("Left while saving");
    const ui = await environment().open();
    await ui.press("Edit", "Left while saving");
    await ui.dialog.getByLabel("Customer").fill("Maeve Byrne");
    const held = await HeldRequests.of(ui, "PATCH");
    await ui.dialog.getByRole("button", { name: "Save" }).click();
    await held.arrived;
    // Not Playwright's goBack, which waits longer: the request times out after four seconds.
    await ui.page.evaluate("history.back()");
    await ui.dialog.waitFor({ state: "detached" });
    await held.fail();
    await ui.notice("“Left while saving”: This may or may not have been saved.");
    await held.release();
    await ui.press("Edit", "Left while saving");
    assert.equal(await ui.dialog.getByLabel("Customer").inputValue(), "Maeve Byrne");
    await ui.dialog.getByRole("button", { name: "Save" }).click();
    await ui.dialog.waitFor({ state: "detached" });
    await ui.list.waitFor();
  });

  it("reports the result of a save after Back before the dialog was painted", async () => {
    await environment().ireland.create("Left before the paint");
    const ui = await environment().open();
    const { clock } = ui.page;
    await clock.install();
    await ui.card("Left before the paint").waitFor();
    // From here on, neither animation frames nor timers run.
    await clock.pauseAt(Date.now() + 60_000);
    const held = await HeldRequests.of(ui, "PATCH");
    await ui.press("Edit", "Left before the paint");
    await ui.dialog.getByLabel("Customer").fill("Maeve Byrne");
    await ui.dialog.getByRole("button", { name: "Save" }).click();
    await held.arrived;
    await ui.page.evaluate("history.back()");
    await ui.dialog.waitFor({ state: "detached" });
    await held.fail();
    await clock.resume();
    await ui.notice("“Left before the paint”: This may or may not have been saved.");
  });

  it("closes the form for a new ticket with Back on a phone, and keeps the input", async () => {
    const ui = await environment().open(PHONE);
    await ui.page.getByText("New ticket").click();
    await ui.createForm.getByLabel("Subject").fill("Not yet");
    await ui.page.goBack();
    await ui.createForm.getByLabel("Subject").waitFor({ state: "hidden" });
    await ui.page.goForward();
    assert.equal(await ui.createForm.getByLabel("Subject").inputValue(), "Not yet");
  });

  it("opens a ticket by its link, even if the filter hides it, and copies the link", async () => {
    const { id } = await environment().ireland.create("Under a link");
    const ui = await environment().open({ permissions: ["clipboard-read", "clipboard-write"] });
    await ui.card("Under a link").getByRole("link").click();
    await ui.dialog.getByRole("heading", { name: "Under a link" }).waitFor();
    await waitForTitle(ui, "Under a link · Tickets");
    await ui.dialog.getByRole("button", { name: "Copy link" }).click();
    await ui.dialog.getByText("Link copied").waitFor();
    const link = `${environment().url}/?ticket=${id}`;
    assert.equal(await ui.page.evaluate("navigator.clipboard.readText()"), link);
    await ui.page.keyboard.press("Escape");
    await ui.dialog.waitFor({ state: "detached" });
    await waitForTitle(ui, "Tickets");

    await ui.page.goto(`${link}&status=closed`);
    await ui.dialog.getByRole("heading", { name: "Under a link" }).waitFor();
    assert.equal(await ui.card("Under a link").count(), 0);
    await ui.dialog.getByRole("button", { name: "Edit Under a link" }).click();
    await ui.dialog.getByLabel("Customer").fill("Liam Walsh");
    await ui.dialog.getByRole("button", { name: "Save" }).click();
    await ui.dialog.getByText("Liam Walsh").waitFor();
    await ui.dialog.getByRole("button", { name: "Delete Under a link" }).click();
    await ui.dialog.waitFor({ state: "detached" });
    await ui.page.getByRole("heading", { name: "Closed tickets" }).waitFor();
  });

  for (const id of ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "not-an-id", "a/../b"])
    it(`reports that no ticket exists for the link ${id}`, async () => {
      const ui = await environment().open();
      await ui.page.goto(`${environment().url}/?ticket=${encodeURIComponent(id)}`);
      await ui.dialog.getByRole("heading", { name: "Ticket not found" }).waitFor();
      await ui.dialog.getByRole("button", { name: "Back" }).click();
      await ui.dialog.waitFor({ state: "detached" });
      assert.equal(await ui.page.evaluate("location.search"), "");
    });

  it("does not show a deleted ticket again after an immediate reload", async () => {
    await environment().ireland.create("Deleted and reloaded");
    const ui = await environment().open();
    await ui.press("Delete", "Deleted and reloaded");
    await ui.page.addInitScript({ content: WATCH_FOR_DELETED });
    await ui.page.reload();
    await waitFor(async () => !(await environment().waitForEqualLists()).includes("Deleted and reloaded"), {
      what: "the delete",
    });
    await ui.list.waitFor({ state: "attached" });
    assert.equal(await ui.page.evaluate("window.reappeared"), false);
  });

  it("sends nothing while the subject is blank", async () => {
    const ui = await environment().open();
    const sent: string[] = [];
    ui.page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
    for (const blank of ["", "   ", "\u00a0", "\u200b"]) {
      await ui.create(blank);
      await ui.createForm.locator("#new-subject-error").getByText("Enter a subject.").waitFor();
      await waitFor(async () => (await ui.focused()) === "Subject", { what: "the focus on the subject" });
      await ui.createForm.getByLabel("Subject").fill("x");
      await ui.createForm.locator("#new-subject-error").waitFor({ state: "hidden" });
    }
    assert.deepEqual(sent, []);
  });
};

const WATCH_FOR_DELETED = `
  window.reappeared = false;
  new MutationObserver(() => {
    const subjects = [...document.querySelectorAll("li.card h3")].map((h3) => h3.textContent);
    if (subjects.includes("Deleted and reloaded")) window.reappeared = true;
  }).observe(document, { childList: true, subtree: true });
`;

/** Waits for the document title, which is set after the view is rendered. */
async function waitForTitle({ page }: WebUiDriver, title: string): Promise<void> {
  await waitFor(async () => (await page.title()) === title, { what: `the title ${title}` });
}
