import assert from "node:assert/strict";
import type { Cases } from "./stage";

/** What others do meanwhile. */
export const outsideChanges: Cases = (stage) => {
  it("takes a change back that somebody else's change came before, and says so at the ticket", async () => {
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
      .getByText("Somebody changed the assignee to “Aoife”", { exact: false })
      .waitFor();
    await card.locator("dd").getByText("Aoife", { exact: true }).waitFor();
    await card.getByRole("button", { name: "OK" }).click();
    await card.getByRole("alert").waitFor({ state: "detached" });
    assert.equal(await page.focused(), "card Wanted by two");
  });

  it("keeps both when different fields were changed, and asks in the dialog when it was the same one", async () => {
    const ticket = await stage().ireland.create("Edited by two");
    const page = await stage().open();
    await page.press("Edit", "Edited by two");
    await page.dialog.getByLabel("Description").fill("Written in the dialog");
    await stage().ireland.edit(ticket.id, { description: "Written by another", customer: "Liam Walsh" });
    await page.dialog.getByRole("button", { name: "Save" }).click();

    await page.dialog.getByRole("alert").getByText("Somebody changed the description").waitFor();
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
