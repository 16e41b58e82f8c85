import assert from "node:assert/strict";
import { waitFor } from "../support/wait-for";
import type { SharedTests } from "./browser-environment";

/** Keyboard operation. */
export const keyboard: SharedTests = (environment) => {
  it("can be used with the keyboard alone, and never loses the focus", async () => {
    for (const subject of ["Below", "Above"]) await environment().ireland.create(subject);
    const ui = await environment().open();
    const { keyboard: keys } = ui.page;
    // A list that is read too early misses the tickets, and the keys below would reach others.
    const areListed = async (): Promise<boolean> => /^Above,Below\b/.test(String(await ui.subjects()));
    await waitFor(areListed, { what: "both tickets on top of the list" });
    const focused = async (expected: string): Promise<void> =>
      void (await waitFor(async () => (await ui.focused()) === expected, {
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
    assert.deepEqual((await ui.subjects()).slice(0, 2), ["Above", "Below"]);
  });

  it("keeps the focus when a ticket reappears after its undo because the filter changes", async () => {
    await environment().ireland.create("Comes back later");
    const ui = await environment().open();
    const { page } = ui;
    await ui.press("Delete", "Comes back later");
    await page.getByRole("button", { name: "Closed", exact: true }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Undo" }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "All", exact: true }).click();
    await ui.card("Comes back later").waitFor();
    assert.equal(await ui.focused(), "All");
  });

  it("keeps the undo available while its button is focused or hovered", async () => {
    await environment().ireland.create("Deleted by mistake");
    const ui = await environment().open();
    const { clock } = ui.page;
    await clock.install();
    await ui.press("Delete", "Deleted by mistake");
    const undo = ui.page.getByRole("button", { name: "Undo" });
    await undo.focus();
    await clock.runFor(20_000);
    assert.equal(await undo.count(), 1);
    await undo.press("Enter");
    await ui.card("Deleted by mistake").waitFor();
  });
};
