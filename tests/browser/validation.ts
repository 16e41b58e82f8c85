import assert from "node:assert/strict";
import type { Cases } from "./browser-environment";

/** What is wrong with what was typed. */
export const fields: Cases = (stage) => {
  it("shows an error at its field, focuses the field, and keeps the input", async () => {
    const page = await stage().open();
    await page.createForm.getByLabel("Description").fill("Kept while the subject is mended");
    await page.createForm.getByLabel("Customer").fill("c".repeat(201));
    await page.create("x".repeat(201));

    const subject = page.createForm.getByLabel("Subject");
    await page.createForm.locator("#new-subject-error").getByText("200").waitFor();
    assert.equal(await subject.getAttribute("aria-invalid"), "true");
    assert.equal(await subject.getAttribute("aria-describedby"), "new-subject-error");
    await page.createForm.locator("#new-customer-error").getByText("200").waitFor();
    assert.equal(await page.focused(), "Subject");
    assert.equal(
      await page.createForm.getByLabel("Description").inputValue(),
      "Kept while the subject is mended",
    );

    await page.createForm.getByLabel("Customer").fill("Jonas Weber");
    // Spaces are no name.
    await page.createForm.getByLabel("Assignee").fill("  ");
    await page.create("A subject that fits");
    await page.card("A subject that fits").getByText("Kept while the subject is mended").waitFor();
    await page.notice("Created “A subject that fits”.");
    const [{ assignee, status }] = await stage().ireland.list();
    assert.deepEqual({ assignee, status }, { assignee: "", status: "open" });
  });

  it("does the same in the edit dialog, which keeps the input when it is closed and on reload", async () => {
    const page = await stage().open();
    await page.press("Edit", "A subject that fits");
    await page.dialog.getByLabel("Subject").fill(" ");
    await page.dialog.getByRole("button", { name: "Save" }).click();
    await page.dialog.locator("#edit-subject[aria-invalid=true]").waitFor();
    assert.notEqual(await page.dialog.locator("#edit-subject-error").textContent(), "");

    await page.dialog.getByLabel("Subject").fill("A better subject");
    await page.page.keyboard.press("Escape");
    await page.dialog.waitFor({ state: "detached" });
    await page.press("Edit", "A subject that fits");
    assert.equal(await page.dialog.getByLabel("Subject").inputValue(), "A better subject");

    await page.page.reload();
    assert.equal(await page.dialog.getByLabel("Subject").inputValue(), "A better subject");
    await page.dialog.getByLabel("Assignee").fill(" Jun ");
    await page.dialog.getByRole("button", { name: "Save" }).click();
    await page.card("A better subject").waitFor();
    await page.dialog.waitFor({ state: "detached" });
    assert.equal((await stage().ireland.list())[0].assignee, "Jun");
  });
};
