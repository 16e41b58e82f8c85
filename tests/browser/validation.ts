import assert from "node:assert/strict";
import { waitFor } from "../support/wait-for";
import type { SharedTests } from "./browser-environment";

/** Validation errors in the forms. */
export const validation: SharedTests = (environment) => {
  it("shows an error at its field, focuses the field, and keeps the input", async () => {
    const ui = await environment().open();
    await ui.createForm.getByLabel("Description").fill("Kept while the subject is fixed");
    await ui.createForm.getByLabel("Customer").fill("c".repeat(201));
    await ui.create("x".repeat(201));

    const subject = ui.createForm.getByLabel("Subject");
    await ui.createForm.locator("#new-subject-error").getByText("200").waitFor();
    assert.equal(await subject.getAttribute("aria-invalid"), "true");
    assert.equal(await subject.getAttribute("aria-describedby"), "new-subject-error");
    await ui.createForm.locator("#new-customer-error").getByText("200").waitFor();
    assert.equal(await ui.focused(), "Subject");
    assert.equal(
      await ui.createForm.getByLabel("Description").inputValue(),
      "Kept while the subject is fixed",
    );

    await ui.createForm.getByLabel("Customer").fill("Jonas Weber");
    // An assignee of spaces is blank.
    await ui.createForm.getByLabel("Assignee").fill("  ");
    await ui.create("A subject that fits");
    await ui.card("A subject that fits").getByText("Kept while the subject is fixed").waitFor();
    await ui.notice("Created “A subject that fits”.");
    const { assignee, status } = await waitFor(
      async () => {
        const [newest] = await environment().ireland.list();
        return newest?.subject === "A subject that fits" && newest;
      },
      { what: "the ticket at the top of the list" },
    );
    assert.deepEqual({ assignee, status }, { assignee: "", status: "open" });
  });

  it("shows an error in the edit dialog, which keeps the input when it is closed and on reload", async () => {
    const ui = await environment().open();
    await ui.press("Edit", "A subject that fits");
    await ui.dialog.getByLabel("Subject").fill(" ");
    await ui.dialog.getByRole("button", { name: "Save" }).click();
    await ui.dialog.locator("#edit-subject[aria-invalid=true]").waitFor();
    assert.notEqual(await ui.dialog.locator("#edit-subject-error").textContent(), "");

    await ui.dialog.getByLabel("Subject").fill("A better subject");
    await ui.page.keyboard.press("Escape");
    await ui.dialog.waitFor({ state: "detached" });
    await ui.press("Edit", "A subject that fits");
    assert.equal(await ui.dialog.getByLabel("Subject").inputValue(), "A better subject");

    await ui.page.reload();
    assert.equal(await ui.dialog.getByLabel("Subject").inputValue(), "A better subject");
    await ui.dialog.getByLabel("Assignee").fill(" Jun ");
    await ui.dialog.getByRole("button", { name: "Save" }).click();
    await ui.card("A better subject").waitFor();
    await ui.dialog.waitFor({ state: "detached" });
    assert.equal((await environment().ireland.list())[0].assignee, "Jun");
  });
};
