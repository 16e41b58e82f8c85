import type { Status, Ticket, TicketChanges } from "../data/api-types";
import type { PendingRemoval } from "../data/removals";
import { problemText } from "../data/wording";
import type { Page } from "../page-context";

/**
 * Gives a ticket to somebody, or to nobody. An open one is assigned then, and the other way round; a closed one stays closed.
 * @param seen the ticket as it was when the form was opened.
 */
export function assign(page: Page, seen: Ticket, name: string): Promise<void> {
  const assignee = name.trim();
  if (assignee === seen.assignee) return Promise.resolve();
  const status: Status = seen.status === "closed" ? "closed" : assignee === "" ? "open" : "assigned";
  return change(page, seen, { assignee, status }, seen);
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
  removal.done.catch((error: unknown) => tell(page, { id, subject }, error));
}

/** Takes a delete back and goes to the ticket, or says that it is too late. */
export function undoRemoval(page: Page, removal: PendingRemoval): void {
  document.getElementById("tickets")?.focus();
  page.returning.value = removal.id;
  if (!removal.undo()) page.notices.say("Too late to undo: the delete is on its way.");
  // The list is drawn by then. A ticket that the filter hides must not take the focus some day.
  setTimeout(() => (page.returning.value = undefined));
}

async function change(page: Page, ticket: Ticket, changes: TicketChanges, seen?: Ticket): Promise<void> {
  page.problems.dismiss(ticket.id);
  try {
    await page.store.change(ticket.id, changes, seen);
  } catch (error) {
    tell(page, ticket, error);
  }
}

/** What goes wrong is said at the ticket, which is shown as it was before; in passing when the list has it no more. */
function tell({ store, problems, notices, config }: Page, ticket: Named, error: unknown): void {
  const { id, subject } = ticket;
  const text = problemText(error, config.apis);
  if (store.tickets.peek().some((shown) => shown.id === id)) problems.show(id, text);
  else notices.say(`“${subject}”: ${text}`);
}

type Named = Pick<Ticket, "id" | "subject">;
