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

const OPEN = "open-edit";

/** The edit of a ticket that was begun earlier, or a new one. */
export function editDraftOf(ticket: Ticket): EditDraft {
  const { seen, changes } = drafts.read<EditDraft>(nameOf(ticket.id)) ?? {};
  return seen && changes ? { seen, changes } : { seen: ticket, changes: {} };
}

/** Keeps an edit, so that a reload of the page opens it again. */
export function keepEdit(draft: EditDraft): void {
  drafts.write(nameOf(draft.seen.id), draft);
  drafts.write(OPEN, { id: draft.seen.id });
}

/** Keeps what was typed for the next time, but closed. */
export function putEditAside(): void {
  drafts.drop(OPEN);
}

/** Forgets an edit that was saved, or given up. */
export function dropEdit(id: string): void {
  drafts.drop(nameOf(id));
  drafts.drop(OPEN);
}

/** The ticket, as it was seen, whose edit stood open when the page was left. */
export function editInProgress(): Ticket | undefined {
  const { id } = drafts.read<{ id: string }>(OPEN) ?? {};
  return id === undefined ? undefined : drafts.read<EditDraft>(nameOf(id))?.seen;
}

function nameOf(id: string): string {
  return `edit:${id}`;
}
