import assert from "node:assert/strict";
import { waitFor } from "../support/wait-for";
import { HeldRequests } from "./held-requests";
import type { SharedTests } from "./browser-environment";

/** User actions while a write is in flight. */
export const pendingWrites: SharedTests = (environment) => {
  it("locks an edit until its result is known, and reports it there", async () => {
    await environment().ireland.create("Saved slowly");
    const ui = await environment().open();
    await ui.press("Edit", "Saved slowly");
    await ui.dialog.getByLabel("Customer").fill("Maeve Byrne");
    const held = await HeldRequests.of(ui, "PATCH");
    await ui.dialog.getByRole("button", { name: "Save" }).click();
    await held.arrived;

    const priority = ui.dialog.getByLabel("Priority");
    await priority.press("ArrowDown");
    assert.equal(await priority.inputValue(), "medium");
    // The browser sends a cancel event for the first Escape only.
    for (let times = 0; times < 3; times++) await ui.page.keyboard.press("Escape");
    await ui.dialog.getByRole("button", { name: "Discard" }).press("Enter");
    await held.fail();
    await ui.dialog.getByRole("alert").getByText("Retrying is safe").waitFor();
    assert.equal(await ui.dialog.getByLabel("Customer").inputValue(), "Maeve Byrne");

    await priority.press("ArrowDown");
    assert.equal(await priority.inputValue(), "high");
    await ui.dialog.getByRole("button", { name: "Discard" }).click();
    await ui.dialog.waitFor({ state: "detached" });
  });

  it("reports that a sent delete cannot be undone", async () => {
    const { id } = await environment().ireland.create("Deleted for good");
    const ui = await environment().open();
    const { clock } = ui.page;
    await clock.install();
    const held = await HeldRequests.of(ui, "DELETE");
    await ui.press("Delete", "Deleted for good");
    await clock.runFor(6_000);
    await held.arrived;
    await ui.page.getByRole("button", { name: "Undo" }).click();
    await ui.notice("Too late to undo");
    await held.release();
    await waitFor(async () => (await environment().ireland.find(id)) === undefined, { what: "the delete" });
    await ui.page.getByRole("button", { name: "Undo" }).waitFor({ state: "detached" });
    assert.equal(await ui.card("Deleted for good").count(), 0);
  });
};
