import type { Ticket, TicketChanges } from "../data/api-types";
import { isolated } from "../data/bidi";
import type { PendingRemoval } from "../data/removals";
import { trimmed } from "../data/field-normalization";
import { problemText } from "../data/messages";
import type { Page } from "../app-context";

/**
 * Gives a ticket to somebody, or to nobody. Its status follows from that.
 * @param seen the ticket as it was when the form was opened.
 */
export function assign(page: Page, seen: Ticket, name: string): Promise<void> {
  const assignee = trimmed(name);
  return assignee === seen.assignee ? Promise.resolve() : change(page, seen, { assignee }, seen);
}

/** Closes a ticket. */
export function close(page: Page, ticket: Ticket): Promise<void> {
  return change(page, ticket, { status: "closed" });
}

/** Opens a closed ticket again; one with an assignee is assigned then. */
export function reopen(page: Page, ticket: Ticket): Promise<void> {
  return change(page, ticket, { status: "open" });
}

/** Deletes a ticket in a few seconds, and offers to take that back. */
export function remove(page: Page, { id, subject }: Ticket): void {
  page.problems.dismiss(id);
  const removal = page.store.remove(id);
  page.notices.offerUndo(`Deleted “${isolated(subject)}”.`, removal);
  removal.done.catch((error: unknown) => tell(page, { id, subject }, error));
}

/** Takes a delete back and goes to the ticket, or says that it is too late. */
export function undoRemoval(page: Page, removal: PendingRemoval): void {
  document.getElementById("tickets")?.focus();
  page.returning.value = removal.id;
  if (!removal.undo()) page.notices.say("Too late to undo: the delete was already sent.");
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
function tell({ store, problems, notices, navigation, config }: Page, ticket: Named, error: unknown): void {
  const { id, subject } = ticket;
  const text = problemText(error, config.apis);
  const { overlay } = navigation.route.peek();
  const isSeen = overlay?.id === id || store.tickets.peek().some((shown) => shown.id === id);
  if (isSeen) problems.show(id, text);
  else notices.warn(`“${isolated(subject)}”: ${text}`);
}

type Named = Pick<Ticket, "id" | "subject">;
