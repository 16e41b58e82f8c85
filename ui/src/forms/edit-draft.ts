import { Ticket, TICKET_FIELDS, TicketFields } from "../data/api-types";
import { drafts } from "../drafts";

/** An edit that is not saved yet. */
export interface EditDraft {
  /** The ticket as it was when the edit began. */
  readonly seen: Ticket;
  /** What was typed, where it differs. */
  readonly changes: Partial<TicketFields>;
}

/** What values differ in from a ticket. */
export function changesOf(seen: TicketFields, values: TicketFields): Partial<TicketFields> {
  const changed = TICKET_FIELDS.filter((field) => values[field] !== seen[field]);
  return Object.fromEntries(changed.map((field) => [field, values[field]]));
}

/** The edit of a ticket that was begun earlier. */
export function readEditDraft(id: string): EditDraft | undefined {
  const { seen, changes } = drafts.read<EditDraft>(nameOf(id)) ?? {};
  return seen && changes && { seen, changes };
}

/** Keeps an edit for the next time, also over a reload of the page. */
export function writeEditDraft(draft: EditDraft): void {
  drafts.write(nameOf(draft.seen.id), draft);
}

/** Forgets an edit that was saved, or given up. */
export function removeEditDraft(id: string): void {
  drafts.remove(nameOf(id));
}

function nameOf(id: string): string {
  return `edit:${id}`;
}
