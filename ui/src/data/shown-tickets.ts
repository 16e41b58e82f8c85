import type { Ticket, TicketFilter } from "./api-types";
import { Creation, isCreatedBy } from "./creations";
import { matchesFilter, positionOf } from "./listing";
import type { Edit } from "./edits";

/** A ticket as the page shows it: what the regions said, with the user's own changes laid over. */
export interface ShownTicket extends Ticket {
  /** Stays the same while a ticket is created, when its `id` does not; the key of its element. */
  readonly key: string;
  /** Whether a change of the user is on its way. */
  readonly saving: boolean;
  /** Whether it is being created: nothing can be done with it until the API has answered. Implies `saving`. */
  readonly creating: boolean;
  /** Whether a write to it lost to one of the other region and nobody has settled that yet. */
  readonly hasConflict: boolean;
}

/** Everything that decides what is shown. */
export interface DisplayInput {
  /** The tickets that the regions have, in any order. */
  readonly tickets: Iterable<Ticket>;
  readonly filter: TicketFilter;
  /** Whether a place in the listing was read. */
  readonly isLoaded: (ticket: Ticket) => boolean;
  readonly creations: readonly Creation[];
  /** The keys of tickets that were created here, by id. */
  readonly keys: ReadonlyMap<string, string>;
  /** By id, in the order in which they were made. */
  readonly edits: ReadonlyMap<string, readonly Edit[]>;
  readonly removals: ReadonlyMap<string, unknown>;
  /** The newest losing version by id. */
  readonly conflicts: ReadonlyMap<string, string>;
}

/** A ticket with the user's changes that are on their way. */
export function withEdits(ticket: Ticket, edits: readonly Edit[] = []): Ticket {
  return edits.reduce((edited, { changes }) => ({ ...edited, ...changes }), ticket);
}

/** What there is to show, newest first; what is being created comes before all else. */
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
      // Listed already, but the other region may yet be asked to create it, over whatever is changed now.
      creating: creation !== undefined,
      hasConflict: (conflicts.get(ticket.id) ?? "") > (edited.resolvedConflict ?? ""),
    });
  }
  listed.sort((one, other) => (positionOf(one) < positionOf(other) ? 1 : -1));
  const coming = creations
    .filter(({ key, ticket }) => !made.has(key) && matchesFilter(ticket, filter))
    .map(({ key, ticket }) => ({ ...ticket, key, saving: true, creating: true, hasConflict: false }));
  return [...coming, ...listed];
}
