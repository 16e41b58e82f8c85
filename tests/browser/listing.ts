import assert from "node:assert/strict";
import { waitFor } from "../support/wait-for";
import type { SharedTests } from "./browser-environment";

/** Number of tickets, more than one page of the listing. */
const TICKET_COUNT = 30;

/** Pagination and filters of the list. */
export const listing: SharedTests = (environment) =>
  it("lists tickets page by page and by status and assignee, also after a reload", async () => {
    const { ireland } = environment();
    const made = await Promise.all(
      Array.from({ length: TICKET_COUNT }, (_, index) => ireland.create(`Ticket ${index}`)),
    );
    await ireland.edit(made[0].id, { assignee: "Saoirse", status: "assigned" });
    await ireland.edit(made[1].id, { assignee: "Saoirse", status: "closed" });
    const all = (await environment().waitForEqualLists(...made.map(({ subject }) => subject))).length;

    const ui = await environment().open();
    const listed = (count: number): Promise<unknown> =>
      waitFor(
        async () => {
          const subjects = await ui.subjects();
          assert.equal(subjects.length, count, subjects.join(", "));
          return true;
        },
        { what: `${count} cards` },
      );
    await listed(25);
    await ui.page.getByRole("button", { name: "Load more" }).press("Enter");
    await listed(all);
    await waitFor(async () => (await ui.focused()).startsWith("card "), {
      what: "the focus on a new card",
    });
    assert.equal(await ui.page.getByRole("button", { name: "Load more" }).count(), 0);

    await ui.page.getByRole("button", { name: "Closed", exact: true }).click();
    await ui.page.getByRole("heading", { name: "Closed tickets" }).waitFor();
    await listed(1);
    await ui.page.getByRole("button", { name: "All", exact: true }).click();
    const filter = ui.page.getByRole("search");
    await filter.getByLabel("Assignee").fill("Saoirse");
    await filter.getByLabel("Assignee").press("Enter");
    await ui.page.getByRole("heading", { name: "All tickets of Saoirse" }).waitFor();
    await listed(2);

    await ui.page.reload();
    await ui.page.getByRole("heading", { name: "All tickets of Saoirse" }).waitFor();
    await listed(2);
    await filter.getByRole("button", { name: "Unassigned" }).click();
    await ui.page.getByRole("heading", { name: "All tickets, unassigned" }).waitFor();
    await listed(25);
    assert.equal(await ui.card("Ticket 0").count(), 0);
  });
