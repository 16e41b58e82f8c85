import assert from "node:assert/strict";
import { HeldRequests } from "./held-requests";
import type { SharedTests } from "./browser-environment";

/** Conflicts: both regions change a ticket while replication between them is cut. */
export const conflicts: SharedTests = (environment) => {
  it("shows both versions of a ticket that two regions changed, and keeps the chosen one", async () => {
    const { ireland, singapore, cloud } = environment();
    const { id } = await ireland.create("Changed in both regions");
    await environment().waitForEqualLists("Changed in both regions");
    await cloud.setRegion("ireland", "isolated");
    await ireland.edit(id, { description: "As Ireland has it", customer: "Maeve Byrne" });
    await singapore.edit(id, { description: "As Singapore has it" });
    await cloud.setRegion("ireland", "up");

    const ui = await environment().open();
    const card = ui.card("Changed in both regions");
    await ui.badge("Changed in both regions").click();
    const current = ui.dialog.getByRole("region", { name: "Current version" });
    const losing = ui.dialog.getByRole("region", { name: "Other version" });
    await current.getByText("Singapore").waitFor();
    await ui.dialog.getByRole("radio", { name: "Current version: As Singapore has it" }).waitFor();
    await ui.dialog.getByRole("radio", { name: "Other version: As Ireland has it" }).waitFor();
    assert.deepEqual(await ui.dialog.locator("legend").allInnerTexts(), ["Description", "Customer"]);

    const held = await HeldRequests.of(ui, "PATCH");
    await losing.getByRole("button", { name: "Keep this version" }).click();
    await held.arrived;
    await ui.dialog.getByRole("button", { name: "Decide later" }).press("Enter");
    await held.fail();
    await ui.dialog.getByRole("alert").getByText("Retrying is safe").waitFor();
    await held.release();
    await losing.getByRole("button", { name: "Keep this version" }).click();
    await ui.dialog.waitFor({ state: "detached" });
    await card.getByText("As Ireland has it").waitFor();
    await ui.badge("Changed in both regions").waitFor({ state: "detached" });
    await environment().waitForEqualLists();
    for (const region of [ireland, singapore]) {
      const { description, customer } = (await region.find(id)) ?? {};
      assert.deepEqual(
        { description, customer },
        { description: "As Ireland has it", customer: "Maeve Byrne" },
      );
    }
    // The badge does not return after a reload.
    await ui.page.reload();
    await card.waitFor();
    assert.equal(await ui.badge("Changed in both regions").count(), 0);
  });

  it("compares the current ticket, not a stale listing, and saves a choice per field", async () => {
    const { ireland, singapore, cloud } = environment();
    const before = await ireland.create("Listed late");
    await environment().waitForEqualLists("Listed late");
    await cloud.setRegion("ireland", "isolated");
    const lost = await ireland.edit(before.id, { description: "Lost", customer: "Maeve Byrne" });
    await singapore.edit(before.id, { description: "Won", priority: "high" });
    await cloud.setRegion("ireland", "up");
    await environment().waitForEqualLists();

    const ui = await environment().open();
    // The listing always returns the losing version.
    await ui.page.route("**/tickets?*", async (route) => {
      const response = await route.fetch();
      const body = (await response.json()) as { tickets: { id: string }[] };
      const tickets = body.tickets.map((ticket) => (ticket.id === before.id ? lost : ticket));
      await route.fulfill({ response, json: { ...body, tickets } });
    });
    await ui.page.goto(`${environment().url}/?ticket=${before.id}&view=conflict`);
    const radio = (name: string): ReturnType<typeof ui.dialog.getByRole> =>
      ui.dialog.getByRole("radio", { name, exact: true });
    await radio("Current version: Won").waitFor();
    await radio("Other version: Lost").waitFor();
    const preview = ui.dialog.getByRole("region", { name: "Result" });
    await radio("Current version: None").focus();
    await ui.page.keyboard.press("ArrowRight");
    await preview.getByText("Maeve Byrne").waitFor();
    await preview.getByText("Won", { exact: true }).waitFor();

    // Another user edits the ticket during the comparison.
    await ireland.edit(before.id, { assignee: "Jun", status: "assigned" });
    const patch = ui.page.waitForRequest((request) => request.method() === "PATCH");
    await preview.getByRole("button", { name: "Save this result" }).click();
    assert.match((await (await patch).headerValue("if-match")) ?? "", /^".+"$/);
    await ui.dialog.getByRole("alert").getByText("Not saved: another user changed the assignee").waitFor();
    await ui.dialog.getByText("The ticket has just changed.").waitFor();
    await preview.getByText("Jun").waitFor();
    assert.equal(await radio("Other version: Maeve Byrne").isChecked(), true);
    await preview.getByRole("button", { name: "Save this result" }).click();
    await ui.dialog.waitFor({ state: "detached" });
    const { description, customer, priority, assignee } = (await ireland.find(before.id)) ?? {};
    assert.deepEqual(
      { description, customer, priority, assignee },
      { description: "Won", customer: "Maeve Byrne", priority: "high", assignee: "Jun" },
    );
  });
};
