import type { TicketChanges, TicketItem } from "./ticket";
import { TEXT_FIELDS, TicketFields } from "./ticket-attributes";

/**
 * Returns the fields as they are stored: without white space at both ends of a text, so a blank text is empty. Line ends are not
 * normalized: browsers and Windows clients send CRLF, and the API returns the text that the client sent.
 */
export function withTrimmedTexts<T extends Partial<TicketFields>>(fields: T): T {
  const texts = TEXT_FIELDS.flatMap((name) => {
    const text = fields[name];
    return text === undefined ? [] : [[name, text.trim()]];
  });
  return { ...fields, ...Object.fromEntries(texts) };
}

/**
 * Returns the changes with the status that follows from them. Applies to changes of `status` or `assignee`:
 * - An open ticket with an assignee becomes assigned.
 * - An assigned ticket without an assignee becomes open, unless the changes have a status.
 * - A closed ticket stays closed, unless the changes have a status.
 * @param read status and assignee before the change; empty for a new ticket.
 */
export function withDerivedStatus(
  changes: TicketChanges,
  read: Partial<Pick<TicketItem, "status" | "assignee">>,
): TicketChanges {
  if (changes.status === undefined && changes.assignee === undefined) return changes;
  const { status = read.status, assignee = read.assignee ?? "" } = changes;
  if (status === "open" && assignee !== "") return { ...changes, status: "assigned" };
  if (changes.status === undefined && status === "assigned" && assignee === "")
    return { ...changes, status: "open" };
  return changes;
}
