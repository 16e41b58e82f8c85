import { Ticket, TICKET_FIELDS, TicketChanges, TicketFields } from "./api-types";
import { ConcurrentChange } from "./errors";

/** For each field, the values that the user knew of: it is fine to overwrite these. */
type KnownValues = Readonly<Partial<Record<keyof TicketFields, readonly string[]>>>;

/** A change of the user. */
export interface Edit {
  readonly changes: TicketChanges;
  readonly known: KnownValues;
}

/**
 * @param seen the ticket as the user saw it.
 * @param before edits of the user that are still on their way.
 */
export function createEdit(changes: TicketChanges, seen: TicketFields, before: readonly Edit[]): Edit {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { changes: Object.fromEntries(given), known: knownValues(seen, before) };
}

/** What a user knows who saw a ticket with own edits that are on their way: these may fail yet. */
export function knownValues(seen: TicketFields, before: readonly Edit[]): KnownValues {
  const values = TICKET_FIELDS.map((field) => {
    const own = before.flatMap(({ changes, known }) => [changes[field], ...(known[field] ?? [])]);
    return [field, [seen[field], ...own.filter((value) => value !== undefined)]];
  });
  return Object.fromEntries(values);
}

/**
 * What is to be sent over a version of a ticket. It is sent also when that version has it already: another one may have come of
 * a write that nobody answered.
 * @throws ChangeLost when somebody else has changed one of the fields to something that the user does not know of.
 */
export function rebase({ changes, known }: Edit, latest: Ticket): TicketChanges {
  const lost = TICKET_FIELDS.filter(
    (field) =>
      changes[field] !== undefined &&
      changes[field] !== latest[field] &&
      !known[field]?.includes(latest[field]),
  );
  if (lost.length > 0) throw new ConcurrentChange(pick(latest, lost));
  // Settling is never taken back: the newest settled version stands.
  const settledBefore = latest.resolvedConflict ?? "";
  const isOlder = changes.resolvedConflict !== undefined && changes.resolvedConflict < settledBefore;
  return isOlder ? { ...changes, resolvedConflict: settledBefore } : changes;
}

/**
 * The same for an edit that is made over the whole ticket as the user saw it, not only over the fields that it changes.
 * @throws ChangeLost when somebody else has changed any field.
 */
export function rebaseUnchanged(edit: Edit, latest: Ticket): TicketChanges {
  const { changes } = edit;
  const known = { ...edit.known };
  for (const field of TICKET_FIELDS) {
    const own = changes[field];
    if (own !== undefined) known[field] = [own, ...(known[field] ?? [])];
  }
  assertUnchanged(known, latest);
  return rebase(edit, latest);
}

/**
 * Makes sure that a ticket may be deleted for all the user knows.
 * @throws ChangeLost when somebody else has changed something that people see.
 */
export function assertUnchanged(known: KnownValues, latest: Ticket): void {
  const changed = TICKET_FIELDS.filter((field) => !known[field]?.includes(latest[field]));
  if (changed.length > 0) throw new ConcurrentChange(pick(latest, changed));
}

function pick<T extends Partial<TicketFields>>(
  from: T,
  fields: readonly (keyof TicketFields)[],
): Partial<TicketFields> {
  return Object.fromEntries(fields.map((field) => [field, from[field]]));
}
