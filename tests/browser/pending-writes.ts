import assert from "node:assert/strict";
import { waitFor } from "../support/wait-for";
import { HeldRequests } from "./held-requests";
import type { Cases } from "./browser-environment";

/** What the user does while a write is on its way. */
export const whileSaving: Cases = (stage) => {
  it("locks an edit until its result is known, and reports it there", async () => {
    await stage().ireland.create("Saved slowly");
    const page = await stage().open();
    await page.press("Edit", "Saved slowly");
    await page.dialog.getByLabel("Customer").fill("Maeve Byrne");
    const held = await HeldRequests.of(page, "PATCH");
    await page.dialog.getByRole("button", { name: "Save" }).click();
    await held.arrived;

    const priority = page.dialog.getByLabel("Priority");
    await priority.press("ArrowDown");
    assert.equal(await priority.inputValue(), "medium");
    // The browser asks the page about the first Escape only.
    for (let times = 0; times < 3; times++) await page.page.keyboard.press("Escape");
    await page.dialog.getByRole("button", { name: "Discard" }).press("Enter");
    await held.fail();
    await page.dialog.getByRole("alert").getByText("Retrying is safe").waitFor();
    assert.equal(await page.dialog.getByLabel("Customer").inputValue(), "Maeve Byrne");

    await priority.press("ArrowDown");
    assert.equal(await priority.inputValue(), "high");
    await page.dialog.getByRole("button", { name: "Discard" }).click();
    await page.dialog.waitFor({ state: "detached" });
  });

  it("reports that a sent delete cannot be undone", async () => {
    const { id } = await stage().ireland.create("Deleted for good");
    const page = await stage().open();
    const { clock } = page.page;
    await clock.install();
    const held = await HeldRequests.of(page, "DELETE");
    await page.press("Delete", "Deleted for good");
    await clock.runFor(6_000);
    await held.arrived;
    await page.page.getByRole("button", { name: "Undo" }).click();
    await page.notice("Too late to undo");
    await held.release();
    await waitFor(async () => (await stage().ireland.find(id)) === undefined, { what: "the delete" });
    await page.page.getByRole("button", { name: "Undo" }).waitFor({ state: "detached" });
    assert.equal(await page.card("Deleted for good").count(), 0);
  });
};
