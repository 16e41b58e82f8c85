import assert from "node:assert/strict";
import { HeldRequests } from "./held-requests";
import type { Cases } from "./browser-environment";

/** What others do meanwhile. */
export const outsideChanges: Cases = (stage) => {
  it("reverts a change that lost to another user's change, and reports it at the ticket", async () => {
    const ticket = await stage().ireland.create("Wanted by two");
    const page = await stage().open();
    await page.press("Assign", "Wanted by two");
    const card = page.card("Wanted by two");
    await card.getByLabel("Assignee").fill("Jun");
    // The page does not know of this when it sends its own.
    await page.page.route("**/tickets**", async (route) => {
      if (route.request().method() === "PATCH" && !changed) {
        changed = true;
        await stage().ireland.edit(ticket.id, { assignee: "Aoife", status: "assigned" });
      }
      await route.continue();
    });
    let changed = false;
    await card.getByRole("button", { name: "Assign" }).click();

    await card
      .getByRole("alert")
      .getByText("Another user changed the assignee to “Aoife”", { exact: false })
      .waitFor();
    await card.locator("dd").getByText("Aoife", { exact: true }).waitFor();
    await card.getByRole("button", { name: "OK" }).click();
    await card.getByRole("alert").waitFor({ state: "detached" });
    assert.equal(await page.focused(), "card Wanted by two");
  });

  it("reports in a notice that another user deleted the ticket", async () => {
    const { id } = await stage().ireland.create("Deleted by another");
    const page = await stage().open();
    const held = await HeldRequests.of(page, "PATCH");
    await page.press("Close", "Deleted by another");
    await held.arrived;
    await stage().ireland.delete(id);
    await held.release();
    await page.notice("“Deleted by another”: Not saved: another user deleted this ticket.");
    assert.equal(await page.card("Deleted by another").count(), 0);
  });

  it("does not overwrite an assignee that was set after the form was opened", async () => {
    const { id } = await stage().ireland.create("Taken meanwhile");
    const page = await stage().open();
    await page.press("Assign", "Taken meanwhile");
    const card = page.card("Taken meanwhile");
    await card.getByLabel("Assignee").fill("Jun");
    await stage().ireland.edit(id, { assignee: "Aoife", status: "assigned" });
    await card.locator("dd").getByText("Aoife", { exact: true }).waitFor();
    await card.getByLabel("Assignee").press("Enter");
    await card.getByRole("alert").getByText("Another user changed the assignee to “Aoife”").waitFor();
    assert.equal((await stage().ireland.find(id))?.assignee, "Aoife");

    await page.press("Assign", "Taken meanwhile");
    // Spaces are no name.
    await card.getByLabel("Assignee").fill("  ");
    await card.getByLabel("Assignee").press("Enter");
    await card.getByText("Open", { exact: true }).waitFor();
    await page.card("Taken meanwhile").and(page.page.locator("[aria-busy=false]")).waitFor();
    const { assignee, status } = (await stage().ireland.find(id)) ?? {};
    assert.deepEqual({ assignee, status }, { assignee: "", status: "open" });
  });

  it("keeps changes of different fields, and reports changes of the same field in the dialog", async () => {
    const ticket = await stage().ireland.create("Edited by two");
    const page = await stage().open();
    await page.press("Edit", "Edited by two");
    await page.dialog.getByLabel("Description").fill("Written in the dialog");
    await stage().ireland.edit(ticket.id, { description: "Written by another", customer: "Liam Walsh" });
    await page.dialog.getByRole("button", { name: "Save" }).click();

    await page.dialog.getByRole("alert").getByText("Another user changed the description").waitFor();
    assert.equal(await page.dialog.getByLabel("Description").inputValue(), "Written in the dialog");
    assert.equal(await page.dialog.getByLabel("Customer").inputValue(), "Liam Walsh");
    await page.dialog.getByRole("button", { name: "Save" }).click();
    await page.dialog.waitFor({ state: "detached" });
    const { description, customer } = (await stage().ireland.find(ticket.id)) ?? {};
    assert.deepEqual(
      { description, customer },
      { description: "Written in the dialog", customer: "Liam Walsh" },
    );
  });
};
