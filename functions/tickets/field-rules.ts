import type { TicketChanges, TicketItem } from "./ticket";
import { TEXT_FIELDS, TicketFields } from "./ticket-attributes";

/**
 * Returns the fields as they are stored: texts without white space at both ends, so a blank text is empty. Line ends are kept: browsers
 * and Windows clients send CRLF, and the stored text is the text that the client sent.
 */
export function withTrimmedTexts<T extends Partial<TicketFields>>(fields: T): T {
  const texts = TEXT_FIELDS.flatMap((name) => {
    const text = fields[name];
    return text === undefined ? [] : [[name, text.trim()]];
  });
  return { ...fields, ...Object.fromEntries(texts) };
}

/**
 * Changes with the status that follows from them, the one rule for status and assignee. It applies to changes of either:
 * - An open ticket with an assignee is assigned.
 * - An assigned ticket that loses its assignee is open, unless the changes have a status.
 * - A closed ticket stays closed unless the changes have a status.
 * @param read what the ticket has before; empty for a new one.
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
