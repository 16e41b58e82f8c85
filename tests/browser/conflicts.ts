import assert from "node:assert/strict";
import { HeldRequests } from "./held-requests";
import type { Cases } from "./stage";

/** Both regions change a ticket while the link between them is cut. */
export const conflicts: Cases = (stage) =>
  it("shows both versions of a ticket that two regions changed, and keeps the one that is chosen", async () => {
    const { ireland, singapore, cloud } = stage();
    const { id } = await ireland.create("Changed in both regions");
    await stage().agreed();
    await cloud.setRegion("ireland", "isolated");
    await ireland.edit(id, { description: "As Ireland has it", customer: "Maeve Byrne" });
    await singapore.edit(id, { description: "As Singapore has it" });
    await cloud.setRegion("ireland", "up");

    const page = await stage().open();
    const card = page.card("Changed in both regions");
    await page.badge("Changed in both regions").click();
    const current = page.dialog.getByRole("region", { name: "As it is" });
    const losing = page.dialog.getByRole("region", { name: "What lost" });
    await current.getByText("As Singapore has it").waitFor();
    await losing.getByText("As Ireland has it").waitFor();
    assert.deepEqual(await losing.locator(".differs dt").allInnerTexts(), [
      "Description differs",
      "Customer differs",
    ]);

    const held = await HeldRequests.of(page, "PATCH");
    await losing.getByRole("button", { name: "Keep this one" }).click();
    await held.arrived;
    await page.dialog.getByRole("button", { name: "Decide later" }).press("Enter");
    await held.fail();
    await page.dialog.getByRole("alert").getByText("neither Ireland nor Singapore answers").waitFor();
    await held.release();
    await losing.getByRole("button", { name: "Keep this one" }).click();
    await page.dialog.waitFor({ state: "detached" });
    await card.getByText("As Ireland has it").waitFor();
    await page.badge("Changed in both regions").waitFor({ state: "detached" });
    await stage().agreed();
    for (const region of [ireland, singapore]) {
      const { description, customer } = (await region.find(id)) ?? {};
      assert.deepEqual(
        { description, customer },
        { description: "As Ireland has it", customer: "Maeve Byrne" },
      );
    }
    // Reading it afresh, from the other region too, brings no badge back.
    await page.page.reload();
    await card.waitFor();
    assert.equal(await page.badge("Changed in both regions").count(), 0);
  });
