import { ReadonlySignal, Signal, signal } from "@preact/signals";
import { Ticket, TICKET_FIELDS, TicketChanges, TicketFields } from "./api-types";
import { ConcurrentChange } from "./errors";

/** Values of each field that the user has seen. An edit may overwrite them. */
export type KnownValues = Readonly<Partial<Record<keyof TicketFields, readonly string[]>>>;

/** Change of a ticket by the user. */
export interface Edit {
  readonly changes: TicketChanges;
  readonly known: KnownValues;
}

/**
 * Creates an edit.
 * @param seen ticket as the user saw it.
 * @param before edits of the user that are in flight.
 */
export function createEdit(changes: TicketChanges, seen: TicketFields, before: readonly Edit[]): Edit {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { changes: Object.fromEntries(given), known: knownValues(seen, before) };
}

/** Returns the values that a user has seen, with and without the edits in flight: these may still fail. */
export function knownValues(seen: TicketFields, before: readonly Edit[]): KnownValues {
  const values = TICKET_FIELDS.map((field) => {
    const own = before.flatMap(({ changes, known }) => [changes[field], ...(known[field] ?? [])]);
    return [field, [seen[field], ...own.filter((value) => value !== undefined)]];
  });
  return Object.fromEntries(values);
}

/**
 * Returns the changes to send over a version of a ticket. They are sent even if that version already has them, because an
 * unacknowledged write may have created yet another version.
 * @throws ConcurrentChange when another user changed one of the fields to a value that this user has not seen.
 */
export function rebase({ changes, known }: Edit, latest: Ticket): TicketChanges {
  const conflicting = TICKET_FIELDS.filter(
    (field) =>
      changes[field] !== undefined &&
      changes[field] !== latest[field] &&
      !known[field]?.includes(latest[field]),
  );
  if (conflicting.length > 0) throw new ConcurrentChange(pick(latest, conflicting));
  // A resolution is never reverted: the newest resolved version remains.
  const resolvedBefore = latest.resolvedConflict ?? "";
  const isOlder = changes.resolvedConflict !== undefined && changes.resolvedConflict < resolvedBefore;
  return isOlder ? { ...changes, resolvedConflict: resolvedBefore } : changes;
}

/**
 * Like `rebase`, for an edit that is based on the whole ticket, not only on the fields that it changes.
 * @throws ConcurrentChange when another user changed any field.
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
 * Asserts that the user has seen all field values of a ticket.
 * @throws ConcurrentChange when another user changed any field.
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

/** Edits of the user that are in flight. */
export class PendingEdits {
  private readonly pending: Signal<ReadonlyMap<string, readonly Edit[]>> = signal(new Map());

  /** Edits by ticket id, oldest first. */
  get all(): ReadonlySignal<ReadonlyMap<string, readonly Edit[]>> {
    return this.pending;
  }

  /** Returns the edits of one ticket. */
  of(id: string): readonly Edit[] {
    return this.pending.peek().get(id) ?? [];
  }

  add(id: string, edit: Edit): void {
    this.pending.value = new Map(this.pending.peek()).set(id, [...this.of(id), edit]);
  }

  /** Removes an edit that has ended. */
  remove(id: string, edit: Edit): void {
    const all = new Map(this.pending.peek());
    const others = this.of(id).filter((other) => other !== edit);
    if (others.length > 0) all.set(id, others);
    else all.delete(id);
    this.pending.value = all;
  }
}
