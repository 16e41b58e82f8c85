import assert from "node:assert/strict";
import { waitFor } from "../support/wait-for";
import type { Cases } from "./browser-environment";

const SUBJECT = "The printer is on fire";

/** A ticket from its first day to its last. */
export const wholeLife: Cases = (stage) =>
  it("supports the whole life of a ticket, and shows which region serves", async () => {
    const page = await stage().open();
    await page.servedBy("Ireland · eu-west-1");

    await page.create(SUBJECT);
    await page.notice(`Created “${SUBJECT}”.`);
    const card = page.card(SUBJECT);
    await card.getByText("Open", { exact: true }).waitFor();
    assert.equal(await page.createForm.getByLabel("Subject").inputValue(), "");

    await page.press("Assign", SUBJECT);
    await card.getByLabel("Assignee").fill("Jun");
    await card.getByLabel("Assignee").press("Enter");
    await card.getByText("Assigned", { exact: true }).waitFor();

    await page.press("Edit", SUBJECT);
    await page.dialog.getByLabel("Customer").fill("Maeve Byrne");
    await page.dialog.getByLabel("Priority").selectOption("high");
    await page.dialog.getByRole("button", { name: "Save" }).click();
    await page.dialog.waitFor({ state: "detached" });
    await card.getByText("Maeve Byrne").waitFor();

    await page.press("Close", SUBJECT);
    await card.getByText("Closed", { exact: true }).waitFor();
    await page.press("Reopen", SUBJECT);
    await card.getByText("Assigned", { exact: true }).waitFor();

    const { assignee, customer, priority } = await waitFor(
      async () =>
        // It was assigned before it was edited, too.
        (await stage().singapore.list()).find(
          (ticket) => ticket.status === "assigned" && ticket.priority === "high",
        ),
      { what: "the edited ticket in Singapore" },
    );
    assert.deepEqual(
      { assignee, customer, priority },
      { assignee: "Jun", customer: "Maeve Byrne", priority: "high" },
    );

    await page.press("Delete", SUBJECT);
    await card.waitFor({ state: "detached" });
    await page.page.getByRole("button", { name: "Undo" }).click();
    await card.waitFor();
    assert.equal(await page.focused(), `card ${SUBJECT}`);

    await page.press("Delete", SUBJECT);
    await page.notice(`Deleted “${SUBJECT}”.`);
    // The delete that waits is sent when the page is left.
    await page.page.reload();
    await page.page.getByText("There are no tickets yet.").waitFor();
    await waitFor(async () => (await stage().agreed()).length === 0, { what: "no ticket in both regions" });
  });
