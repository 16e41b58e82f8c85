import type { Ticket, TicketChanges } from "../data/api-types";
import { isolated } from "../data/bidi";
import type { PendingRemoval } from "../data/removals";
import { trimmed } from "../data/field-normalization";
import { writeErrorText } from "../data/messages";
import type { AppServices } from "../app-context";

/**
 * Gives a ticket to somebody, or to nobody. Its status follows from that.
 * @param seen the ticket as it was when the form was opened.
 */
export function assign(app: AppServices, seen: Ticket, name: string): Promise<void> {
  const assignee = trimmed(name);
  return assignee === seen.assignee ? Promise.resolve() : change(app, seen, { assignee }, seen);
}

/** Closes a ticket. */
export function close(app: AppServices, ticket: Ticket): Promise<void> {
  return change(app, ticket, { status: "closed" });
}

/** Opens a closed ticket again; one with an assignee is assigned then. */
export function reopen(app: AppServices, ticket: Ticket): Promise<void> {
  return change(app, ticket, { status: "open" });
}

/** Deletes a ticket in a few seconds, and offers to take that back. */
export function remove(app: AppServices, { id, subject }: Ticket): void {
  app.problems.dismiss(id);
  const removal = app.store.remove(id);
  app.notices.offerUndo(`Deleted “${isolated(subject)}”.`, removal);
  removal.done.catch((error: unknown) => reportError(app, { id, subject }, error));
}

/** Takes a delete back and goes to the ticket, or says that it is too late. */
export function undoRemoval(app: AppServices, removal: PendingRemoval): void {
  document.getElementById("tickets")?.focus();
  app.returning.value = removal.id;
  if (!removal.undo()) app.notices.show("Too late to undo: the delete was already sent.");
  // The list is drawn by then. A ticket that the filter hides must not take the focus some day.
  setTimeout(() => (app.returning.value = undefined));
}

async function change(
  app: AppServices,
  ticket: Ticket,
  changes: TicketChanges,
  seen?: Ticket,
): Promise<void> {
  app.problems.dismiss(ticket.id);
  try {
    await app.store.change(ticket.id, changes, seen);
  } catch (error) {
    reportError(app, ticket, error);
  }
}

/** What goes wrong is said at the ticket, which is shown as it was before; in passing when the list has it no more. */
function reportError(
  { store, problems, notices, navigation, config }: AppServices,
  ticket: Named,
  error: unknown,
): void {
  const { id, subject } = ticket;
  const text = writeErrorText(error, config.apis);
  const { overlay } = navigation.route.peek();
  const isSeen = overlay?.id === id || store.tickets.peek().some((shown) => shown.id === id);
  if (isSeen) problems.show(id, text);
  else notices.showProblem(`“${isolated(subject)}”: ${text}`);
}

type Named = Pick<Ticket, "id" | "subject">;
