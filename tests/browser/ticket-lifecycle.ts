import assert from "node:assert/strict";
import { waitFor } from "../support/wait-for";
import type { SharedTests } from "./browser-environment";

const SUBJECT = "The printer is on fire";

/** Lifecycle of a ticket from creation to delete. */
export const ticketLifecycle: SharedTests = (environment) =>
  it("creates, assigns, edits, closes, reopens and deletes a ticket, and shows which region serves", async () => {
    const ui = await environment().open();
    await ui.servedBy("Ireland · eu-west-1");

    await ui.create(SUBJECT);
    await ui.notice(`Created “${SUBJECT}”.`);
    const card = ui.card(SUBJECT);
    await card.getByText("Open", { exact: true }).waitFor();
    assert.equal(await ui.createForm.getByLabel("Subject").inputValue(), "");

    await ui.press("Assign", SUBJECT);
    await card.getByLabel("Assignee").fill("Jun");
    await card.getByLabel("Assignee").press("Enter");
    await card.getByText("Assigned", { exact: true }).waitFor();

    await ui.press("Edit", SUBJECT);
    await ui.dialog.getByLabel("Customer").fill("Maeve Byrne");
    await ui.dialog.getByLabel("Priority").selectOption("high");
    await ui.dialog.getByRole("button", { name: "Save" }).click();
    await ui.dialog.waitFor({ state: "detached" });
    await card.getByText("Maeve Byrne").waitFor();

    await ui.press("Close", SUBJECT);
    await card.getByText("Closed", { exact: true }).waitFor();
    await ui.press("Reopen", SUBJECT);
    await card.getByText("Assigned", { exact: true }).waitFor();

    const { assignee, customer, priority } = await waitFor(
      async () =>
        // The ticket already had this status before the edit.
        (await environment().singapore.list()).find(
          (ticket) => ticket.status === "assigned" && ticket.priority === "high",
        ),
      { what: "the edited ticket in Singapore" },
    );
    assert.deepEqual(
      { assignee, customer, priority },
      { assignee: "Jun", customer: "Maeve Byrne", priority: "high" },
    );

    await ui.press("Delete", SUBJECT);
    await card.waitFor({ state: "detached" });
    await ui.page.getByRole("button", { name: "Undo" }).click();
    await card.waitFor();
    assert.equal(await ui.focused(), `card ${SUBJECT}`);

    await ui.press("Delete", SUBJECT);
    await ui.notice(`Deleted “${SUBJECT}”.`);
    // The waiting delete is sent on reload.
    await ui.page.reload();
    await ui.page.getByText("There are no tickets yet.").waitFor();
    await waitFor(async () => (await environment().waitForEqualLists()).length === 0, {
      what: "no ticket in both regions",
    });
  });
