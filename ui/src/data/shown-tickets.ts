import type { Ticket, TicketFilter } from "./api-types";
import { Creation, isCreatedBy } from "./creations";
import { matchesFilter, positionOf } from "./listing";
import type { Edit } from "./edits";

/** Ticket as the web UI shows it: the cached ticket with the user's changes in flight. */
export interface ShownTicket extends Ticket {
  /** Key of the element. It remains the same during the creation, while `id` changes. */
  readonly key: string;
  /** Whether a change of the user is in flight. */
  readonly saving: boolean;
  /** Whether the ticket is being created. It has no actions until the API responds. Implies `saving`. */
  readonly creating: boolean;
  /** Whether the ticket has an unresolved conflict. */
  readonly hasConflict: boolean;
}

/** Data from which the shown tickets are computed. */
export interface DisplayInput {
  /** Cached tickets, in any order. */
  readonly tickets: Iterable<Ticket>;
  readonly filter: TicketFilter;
  /** Returns whether a ticket belongs to the part of the listing that was read. */
  readonly isLoaded: (ticket: Ticket) => boolean;
  readonly creations: readonly Creation[];
  /** Keys of tickets that were created here, by id. */
  readonly keys: ReadonlyMap<string, string>;
  /** Edits by ticket id, oldest first. */
  readonly edits: ReadonlyMap<string, readonly Edit[]>;
  readonly removals: ReadonlyMap<string, unknown>;
  /** Newest losing version by ticket id. */
  readonly conflicts: ReadonlyMap<string, string>;
}

/** Returns a ticket with the user's changes in flight. */
export function withEdits(ticket: Ticket, edits: readonly Edit[] = []): Ticket {
  return edits.reduce((edited, { changes }) => ({ ...edited, ...changes }), ticket);
}

/** Returns the tickets to show, newest first. Tickets that are being created come before all others. */
export function shownTickets(showing: DisplayInput): ShownTicket[] {
  const { filter, creations, keys, edits, removals, conflicts } = showing;
  const listed: ShownTicket[] = [];
  const made = new Set<string>();
  for (const ticket of showing.tickets) {
    const creation = creations.find((each) => !made.has(each.key) && isCreatedBy(each, ticket));
    if (creation) made.add(creation.key);
    if (removals.has(ticket.id) || !showing.isLoaded(ticket)) continue;
    const own = edits.get(ticket.id) ?? [];
    const edited = withEdits(ticket, own);
    if (!matchesFilter(edited, filter)) continue;
    listed.push({
      ...edited,
      key: creation?.key ?? keys.get(ticket.id) ?? ticket.id,
      saving: own.length > 0 || creation !== undefined,
      // The ticket is listed, but the creation may still go to the other region and overwrite later changes.
      creating: creation !== undefined,
      hasConflict: (conflicts.get(ticket.id) ?? "") > (edited.resolvedConflict ?? ""),
    });
  }
  listed.sort((one, other) => (positionOf(one) < positionOf(other) ? 1 : -1));
  const unlisted = creations
    .filter(({ key, ticket }) => !made.has(key) && matchesFilter(ticket, filter))
    .map(({ key, ticket }) => ({ ...ticket, key, saving: true, creating: true, hasConflict: false }));
  return [...unlisted, ...listed];
}
