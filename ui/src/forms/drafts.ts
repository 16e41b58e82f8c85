import { Ticket, TICKET_FIELDS, TicketFields } from "../data/api-types";

const PREFIX = "draft:";

/**
 * Unsaved form input by name. It survives a reload and ends with the browser tab, because it may contain texts of customers.
 * If the session storage is unavailable or full, drafts are lost on reload.
 * https://html.spec.whatwg.org/multipage/webstorage.html#dom-sessionstorage
 */
export const drafts = {
  /** Returns a draft; undefined when there is none, or when it is not a JSON object. */
  read<T extends object>(name: string): Partial<T> | undefined {
    return guarded(() => {
      const value: unknown = JSON.parse(sessionStorage.getItem(PREFIX + name) ?? "null");
      return typeof value === "object" && value !== null ? (value as Partial<T>) : undefined;
    });
  },

  write(name: string, value: object): void {
    guarded(() => sessionStorage.setItem(PREFIX + name, JSON.stringify(value)));
  },

  remove(name: string): void {
    guarded(() => sessionStorage.removeItem(PREFIX + name));
  },
};

function guarded<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

/** Unsaved edit of a ticket. */
export interface EditDraft {
  /** Ticket at the start of the edit. */
  readonly seen: Ticket;
  /** Fields that differ from the ticket. */
  readonly changes: Partial<TicketFields>;
}

/** Returns the values that differ from a ticket. */
export function changesOf(seen: TicketFields, values: TicketFields): Partial<TicketFields> {
  const changed = TICKET_FIELDS.filter((field) => values[field] !== seen[field]);
  return Object.fromEntries(changed.map((field) => [field, values[field]]));
}

/** Returns the unsaved edit of a ticket. */
export function readEditDraft(id: string): EditDraft | undefined {
  const { seen, changes } = drafts.read<EditDraft>(nameOf(id)) ?? {};
  return seen && changes && { seen, changes };
}

/** Stores an unsaved edit. */
export function writeEditDraft(draft: EditDraft): void {
  drafts.write(nameOf(draft.seen.id), draft);
}

/** Removes an edit that was saved or discarded. */
export function removeEditDraft(id: string): void {
  drafts.remove(nameOf(id));
}

function nameOf(id: string): string {
  return `edit:${id}`;
}
