import type { Ticket, TicketChanges } from "../data/api-types";
import { isolated } from "../data/bidi";
import type { PendingRemoval } from "../data/removals";
import { trimmed } from "../data/field-normalization";
import { writeErrorText } from "../data/messages";
import type { AppServices } from "../app-context";

/**
 * Assigns a ticket, or unassigns it when the name is blank. The status follows from the assignee.
 * @param seen ticket when the form was opened.
 */
export function assign(app: AppServices, seen: Ticket, name: string): Promise<void> {
  const assignee = trimmed(name);
  return assignee === seen.assignee ? Promise.resolve() : change(app, seen, { assignee }, seen);
}

/** Closes a ticket. */
export function close(app: AppServices, ticket: Ticket): Promise<void> {
  return change(app, ticket, { status: "closed" });
}

/** Reopens a closed ticket. With an assignee, its status becomes assigned. */
export function reopen(app: AppServices, ticket: Ticket): Promise<void> {
  return change(app, ticket, { status: "open" });
}

/** Deletes a ticket after a few seconds, and offers to undo that. */
export function remove(app: AppServices, { id, subject }: Ticket): void {
  app.problems.dismiss(id);
  const removal = app.store.remove(id);
  app.notices.offerUndo(`Deleted “${isolated(subject)}”.`, removal);
  removal.done.catch((error: unknown) => reportError(app, { id, subject }, error));
}

/** Undoes a delete and focuses the ticket, or reports that the delete was already sent. */
export function undoRemoval(app: AppServices, removal: PendingRemoval): void {
  document.getElementById("tickets")?.focus();
  app.returning.value = removal.id;
  if (!removal.undo()) app.notices.show("Too late to undo: the delete was already sent.");
  // The list is rendered by then. A ticket that the filter hides must not receive the focus later.
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

/** Reports an error at the ticket, or in a notice when the ticket is not shown. */
function reportError(
  { store, problems, notices, navigation, config }: AppServices,
  ticket: TicketName,
  error: unknown,
): void {
  const { id, subject } = ticket;
  const text = writeErrorText(error, config.apis);
  const { overlay } = navigation.route.peek();
  const isSeen = overlay?.id === id || store.tickets.peek().some((shown) => shown.id === id);
  if (isSeen) problems.show(id, text);
  else notices.showProblem(`“${isolated(subject)}”: ${text}`);
}

type TicketName = Pick<Ticket, "id" | "subject">;
