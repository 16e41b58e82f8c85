import assert from "node:assert/strict";
import { waitFor } from "../support/wait-for";
import type { Cases } from "./browser-environment";

/** The page without a pointer. */
export const keyboard: Cases = (stage) => {
  it("can be used with the keyboard alone, and never loses the focus", async () => {
    for (const subject of ["Below", "Above"]) await stage().ireland.create(subject);
    const ticketPage = await stage().open();
    const { keyboard: keys } = ticketPage.page;
    const focused = async (expected: string): Promise<void> =>
      void (await waitFor(async () => (await ticketPage.focused()) === expected, {
        what: `the focus on ${expected}`,
      }));

    await keys.press("Tab");
    await focused("Skip to the tickets");
    await keys.press("Enter");
    for (const stop of [
      "Assignee",
      "Unassigned",
      "All",
      "Open",
      "Assigned",
      "Closed",
      "Above",
      "Assign Above",
    ]) {
      await keys.press("Tab");
      await focused(stop);
    }
    await keys.press("Enter");
    await focused("Assignee");
    await keys.type("Mei");
    await keys.press("Escape");
    await focused("Assign Above");

    await keys.press("Tab");
    await keys.press("Tab");
    await keys.press("Enter");
    await focused("Subject");
    await keys.press("Escape");
    await focused("Edit Above");

    await keys.press("Tab");
    await keys.press("Enter");
    await focused("card Below");
    await keys.press("Control+z");
    await focused("card Above");
    assert.deepEqual((await ticketPage.subjects()).slice(0, 2), ["Above", "Below"]);
  });

  it("keeps the focus when a ticket returns later than its undo, because of the filter", async () => {
    await stage().ireland.create("Comes back later");
    const ticketPage = await stage().open();
    const { page } = ticketPage;
    await ticketPage.press("Delete", "Comes back later");
    await page.getByRole("button", { name: "Closed", exact: true }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Undo" }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "All", exact: true }).click();
    await ticketPage.card("Comes back later").waitFor();
    assert.equal(await ticketPage.focused(), "All");
  });

  it("keeps the undo available while its button is focused or hovered", async () => {
    await stage().ireland.create("Deleted by mistake");
    const ticketPage = await stage().open();
    const { clock } = ticketPage.page;
    await clock.install();
    await ticketPage.press("Delete", "Deleted by mistake");
    const undo = ticketPage.page.getByRole("button", { name: "Undo" });
    await undo.focus();
    await clock.runFor(20_000);
    assert.equal(await undo.count(), 1);
    await undo.press("Enter");
    await ticketPage.card("Deleted by mistake").waitFor();
  });
};
