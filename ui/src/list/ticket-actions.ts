import type { Status, Ticket, TicketChanges } from "../data/api-types";
import type { PendingRemoval } from "../data/removals";
import { problemText } from "../data/wording";
import type { Page } from "../page-context";

/** Gives a ticket to somebody, or to nobody. An open one is assigned then, and the other way round; a closed one stays closed. */
export function assign(page: Page, ticket: Ticket, assignee: string): Promise<void> {
  const status: Status = ticket.status === "closed" ? "closed" : assignee === "" ? "open" : "assigned";
  return change(page, ticket, { assignee, status });
}

/** Closes a ticket. */
export function close(page: Page, ticket: Ticket): Promise<void> {
  return change(page, ticket, { status: "closed" });
}

/** Opens a closed ticket again; whoever had it has it again. */
export function reopen(page: Page, ticket: Ticket): Promise<void> {
  return change(page, ticket, { status: ticket.assignee === "" ? "open" : "assigned" });
}

/** Deletes a ticket in a few seconds, and offers to take that back. */
export function remove(page: Page, { id, subject }: Ticket): void {
  page.problems.dismiss(id);
  const removal = page.store.remove(id);
  page.notices.offerUndo(`Deleted “${subject}”.`, removal);
  removal.done.catch((error: unknown) => page.problems.show(id, problemText(error, page.config.apis)));
}

/** Takes a delete back and goes to the ticket. */
export function undoRemoval(page: Page, removal: PendingRemoval): void {
  document.getElementById("tickets")?.focus();
  page.returning.value = removal.id;
  removal.undo();
}

/** What goes wrong is shown at the ticket, which is shown as it was before. */
async function change(page: Page, { id }: Ticket, changes: TicketChanges): Promise<void> {
  page.problems.dismiss(id);
  try {
    await page.store.change(id, changes);
  } catch (error) {
    page.problems.show(id, problemText(error, page.config.apis));
  }
}
