import assert from "node:assert/strict";
import { waitFor } from "../support/wait-for";
import type { TicketPage } from "./web-ui-driver";
import { HeldRequests } from "./held-requests";
import type { Cases } from "./browser-environment";

const PHONE = { viewport: { width: 390, height: 800 }, hasTouch: true };

/** Back, Forward and links. */
export const history: Cases = (stage) => {
  it("moves back and forward through filters", async () => {
    const { page } = await stage().open();
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
    const { page } = await stage().open();
    const length = (): Promise<number> => page.evaluate<number>("history.length");
    const before = await length();
    await page.getByRole("search").getByLabel("Assignee").pressSequentially("Saoirse");
    await page.locator("#new-subject").pressSequentially("Typed");
    assert.ok((await length()) <= before + 1, "one entry for the whole name at most");
  });

  for (const options of [{}, PHONE])
    it(`closes the edit with Back, which keeps what was typed, and opens it with Forward, ${"viewport" in options ? "on a phone" : "on a desktop"}`, async () => {
      const subject = `Edited ${"viewport" in options ? "on a phone" : "on a desktop"}`;
      await stage().ireland.create(subject);
      const page = await stage().open(options);
      await page.press("Edit", subject);
      await page.dialog.getByLabel("Customer").fill("Maeve Byrne");
      await page.page.goBack();
      await page.dialog.waitFor({ state: "detached" });
      await page.notice("What you have typed is kept.");
      await page.page.goForward();
      assert.equal(await page.dialog.getByLabel("Customer").inputValue(), "Maeve Byrne");
      await page.dialog.getByRole("button", { name: "Save" }).click();
      await page.dialog.waitFor({ state: "detached" });
      await page.card(subject).getByText("Maeve Byrne").waitFor();
      await page.list.waitFor();
    });

  it("reports the result of a save that Back left, and keeps the input if it failed", async () => {
    await stage().ireland.create("Left while saving");
    const page = await stage().open();
    await page.press("Edit", "Left while saving");
    await page.dialog.getByLabel("Customer").fill("Maeve Byrne");
    const held = await HeldRequests.of(page, "PATCH");
    await page.dialog.getByRole("button", { name: "Save" }).click();
    await held.arrived;
    // Playwright's goBack waits for more than the view, and the page gives the save up after four seconds.
    await page.page.evaluate("history.back()");
    await page.dialog.waitFor({ state: "detached" });
    await held.fail();
    await page.notice("“Left while saving”: This may or may not have been saved.");
    await held.release();
    await page.press("Edit", "Left while saving");
    assert.equal(await page.dialog.getByLabel("Customer").inputValue(), "Maeve Byrne");
    await page.dialog.getByRole("button", { name: "Save" }).click();
    await page.dialog.waitFor({ state: "detached" });
    await page.list.waitFor();
  });

  it("reports the result of a save that Back left before the dialog was painted", async () => {
    await stage().ireland.create("Left before the paint");
    const page = await stage().open();
    const { clock } = page.page;
    await clock.install();
    await page.card("Left before the paint").waitFor();
    // Neither animation frames nor timers run any more.
    await clock.pauseAt(Date.now() + 60_000);
    const held = await HeldRequests.of(page, "PATCH");
    await page.press("Edit", "Left before the paint");
    await page.dialog.getByLabel("Customer").fill("Maeve Byrne");
    await page.dialog.getByRole("button", { name: "Save" }).click();
    await held.arrived;
    await page.page.evaluate("history.back()");
    await page.dialog.waitFor({ state: "detached" });
    await held.fail();
    await page.notice("“Left before the paint”: This may or may not have been saved.");
  });

  it("closes the form for a new ticket with Back on a phone, and keeps what was typed", async () => {
    const page = await stage().open(PHONE);
    await page.page.getByText("New ticket").click();
    await page.createForm.getByLabel("Subject").fill("Not yet");
    await page.page.goBack();
    await page.createForm.getByLabel("Subject").waitFor({ state: "hidden" });
    await page.page.goForward();
    assert.equal(await page.createForm.getByLabel("Subject").inputValue(), "Not yet");
  });

  it("opens a ticket under a link of its own, also one that the filter hides, and copies the link", async () => {
    const { id } = await stage().ireland.create("Under a link");
    const page = await stage().open({ permissions: ["clipboard-read", "clipboard-write"] });
    await page.card("Under a link").getByRole("link").click();
    await page.dialog.getByRole("heading", { name: "Under a link" }).waitFor();
    await titled(page, "Under a link · Tickets");
    await page.dialog.getByRole("button", { name: "Copy link" }).click();
    await page.dialog.getByText("Link copied").waitFor();
    const link = `${stage().url}/?ticket=${id}`;
    assert.equal(await page.page.evaluate("navigator.clipboard.readText()"), link);
    await page.page.keyboard.press("Escape");
    await page.dialog.waitFor({ state: "detached" });
    await titled(page, "Tickets");

    await page.page.goto(`${link}&status=closed`);
    await page.dialog.getByRole("heading", { name: "Under a link" }).waitFor();
    assert.equal(await page.card("Under a link").count(), 0);
    await page.dialog.getByRole("button", { name: "Edit Under a link" }).click();
    await page.dialog.getByLabel("Customer").fill("Liam Walsh");
    await page.dialog.getByRole("button", { name: "Save" }).click();
    await page.dialog.getByText("Liam Walsh").waitFor();
    await page.dialog.getByRole("button", { name: "Delete Under a link" }).click();
    await page.dialog.waitFor({ state: "detached" });
    await page.page.getByRole("heading", { name: "Closed tickets" }).waitFor();
  });

  for (const id of ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "not-an-id", "a/../b"])
    it(`reports that no ticket exists for the link ${id}`, async () => {
      const page = await stage().open();
      await page.page.goto(`${stage().url}/?ticket=${encodeURIComponent(id)}`);
      await page.dialog.getByRole("heading", { name: "Ticket not found" }).waitFor();
      await page.dialog.getByRole("button", { name: "Back" }).click();
      await page.dialog.waitFor({ state: "detached" });
      assert.equal(await page.page.evaluate("location.search"), "");
    });

  it("does not show a deleted ticket again after an immediate reload", async () => {
    await stage().ireland.create("Deleted and reloaded");
    const page = await stage().open();
    await page.press("Delete", "Deleted and reloaded");
    await page.page.addInitScript({ content: SEEN });
    await page.page.reload();
    await waitFor(async () => !(await stage().agreed()).includes("Deleted and reloaded"), {
      what: "the delete",
    });
    await page.list.waitFor({ state: "attached" });
    assert.equal(await page.page.evaluate("window.reappeared"), false);
  });

  it("sends nothing while the subject is blank", async () => {
    const page = await stage().open();
    const sent: string[] = [];
    page.page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
    for (const blank of ["", "   ", "\u00a0", "\u200b"]) {
      await page.create(blank);
      await page.createForm.locator("#new-subject-error").getByText("Enter a subject.").waitFor();
      await waitFor(async () => (await page.focused()) === "Subject", { what: "the focus on the subject" });
      await page.createForm.getByLabel("Subject").fill("x");
      await page.createForm.locator("#new-subject-error").waitFor({ state: "hidden" });
    }
    assert.deepEqual(sent, []);
  });
};

const SEEN = `
  window.reappeared = false;
  new MutationObserver(() => {
    const subjects = [...document.querySelectorAll("li.card h3")].map((h3) => h3.textContent);
    if (subjects.includes("Deleted and reloaded")) window.reappeared = true;
  }).observe(document, { childList: true, subtree: true });
`;

/** Waits until the document has a title, which is set after the view is drawn. */
async function titled({ page }: TicketPage, title: string): Promise<void> {
  await waitFor(async () => (await page.title()) === title, { what: `the title ${title}` });
}
