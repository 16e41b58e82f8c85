import assert from "node:assert/strict";
import { HeldRequests } from "./held-requests";
import type { SharedTests } from "./browser-environment";

/** Changes by other users during an edit. */
export const concurrentEdits: SharedTests = (environment) => {
  it("reverts a change that lost to another user's change, and reports it at the ticket", async () => {
    const ticket = await environment().ireland.create("Wanted by two");
    const ui = await environment().open();
    await ui.press("Assign", "Wanted by two");
    const card = ui.card("Wanted by two");
    await card.getByLabel("Assignee").fill("Jun");
    // The web UI does not know this change when it sends its own.
    await ui.page.route("**/tickets**", async (route) => {
      if (route.request().method() === "PATCH" && !changed) {
        changed = true;
        await environment().ireland.edit(ticket.id, { assignee: "Aoife", status: "assigned" });
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
    assert.equal(await ui.focused(), "card Wanted by two");
  });

  it("reports in a notice that another user deleted the ticket", async () => {
    const { id } = await environment().ireland.create("Deleted by another");
    const ui = await environment().open();
    const held = await HeldRequests.of(ui, "PATCH");
    await ui.press("Close", "Deleted by another");
    await held.arrived;
    await environment().ireland.delete(id);
    await held.release();
    await ui.notice("“Deleted by another”: Not saved: another user deleted this ticket.");
    assert.equal(await ui.card("Deleted by another").count(), 0);
  });

  it("does not overwrite an assignee that was set after the form was opened", async () => {
    const { id } = await environment().ireland.create("Taken meanwhile");
    const ui = await environment().open();
    await ui.press("Assign", "Taken meanwhile");
    const card = ui.card("Taken meanwhile");
    await card.getByLabel("Assignee").fill("Jun");
    await environment().ireland.edit(id, { assignee: "Aoife", status: "assigned" });
    await card.locator("dd").getByText("Aoife", { exact: true }).waitFor();
    await card.getByLabel("Assignee").press("Enter");
    await card.getByRole("alert").getByText("Another user changed the assignee to “Aoife”").waitFor();
    assert.equal((await environment().ireland.find(id))?.assignee, "Aoife");

    await ui.press("Assign", "Taken meanwhile");
    // An assignee of spaces is blank.
    await card.getByLabel("Assignee").fill("  ");
    await card.getByLabel("Assignee").press("Enter");
    await card.getByText("Open", { exact: true }).waitFor();
    await ui.card("Taken meanwhile").and(ui.page.locator("[aria-busy=false]")).waitFor();
    const { assignee, status } = (await environment().ireland.find(id)) ?? {};
    assert.deepEqual({ assignee, status }, { assignee: "", status: "open" });
  });

  it("keeps changes of different fields, and reports changes of the same field in the dialog", async () => {
    const ticket = await environment().ireland.create("Edited by two");
    const ui = await environment().open();
    await ui.press("Edit", "Edited by two");
    await ui.dialog.getByLabel("Description").fill("Written in the dialog");
    await environment().ireland.edit(ticket.id, {
      description: "Written by another",
      customer: "Liam Walsh",
    });
    await ui.dialog.getByRole("button", { name: "Save" }).click();

    await ui.dialog.getByRole("alert").getByText("Another user changed the description").waitFor();
    assert.equal(await ui.dialog.getByLabel("Description").inputValue(), "Written in the dialog");
    assert.equal(await ui.dialog.getByLabel("Customer").inputValue(), "Liam Walsh");
    await ui.dialog.getByRole("button", { name: "Save" }).click();
    await ui.dialog.waitFor({ state: "detached" });
    const { description, customer } = (await environment().ireland.find(ticket.id)) ?? {};
    assert.deepEqual(
      { description, customer },
      { description: "Written in the dialog", customer: "Liam Walsh" },
    );
  });
};
