import { effect, ReadonlySignal, Signal, signal } from "@preact/signals";
import type { Ticket, TicketFilter } from "./api-types";
import type { Clock } from "./browser";
import { matchesFilter, isWithin, ListingPage } from "./listing";

/**
 * Maximum replication lag that the cache compensates, in milliseconds. Replication takes about a second; a minute covers slow
 * replication.
 */
export const MAX_REPLICATION_LAG_MS = 60_000;

/** Newest version of a ticket that any region returned. */
interface CachedTicket {
  readonly ticket: Ticket;
  /** Time when this version was first seen, in milliseconds since 1970. */
  readonly since: number;
}

/** Ticket that was deleted. */
interface DeletedTicket {
  /** Version that was deleted. */
  readonly version: string;
  readonly since: number;
}

/** Newest version by AWS region code. */
type Versions = Record<string, string>;

/**
 * Cache of the tickets that the regions returned. Compensates replication lag when the web UI changes the region: the newest
 * version of a ticket wins, from whichever region it came, and a ticket that a region does not list is removed only if that
 * region has listed it before. Both rules hold for a minute. After that, the cache accepts the state of the region that responds.
 */
export class TicketCache {
  private readonly cached: Signal<ReadonlyMap<string, CachedTicket>> = signal(new Map());
  private readonly deleted = new Map<string, DeletedTicket>();
  // Newest versions that each region has returned, and that its listing has returned: the index is updated after the table.
  // Kept until the web UI is closed: about 3 MB for ten thousand tickets.
  private readonly readVersions = new Map<string, Versions>();
  private readonly listedVersions = new Map<string, Versions>();

  constructor(private readonly clock: Pick<Clock, "now">) {}

  /** Cached tickets by id. */
  get tickets(): ReadonlySignal<ReadonlyMap<string, { readonly ticket: Ticket }>> {
    return this.cached;
  }

  /** Returns the cached version of a ticket. */
  ticket(id: string): Ticket | undefined {
    return this.cached.peek().get(id)?.ticket;
  }

  /** Returns the newest version of a ticket that each region has returned, by AWS region code. */
  knownVersions(id: string): Readonly<Versions> {
    return { ...this.readVersions.get(id) };
  }

  /**
   * Adds a ticket that a region returned after a write or a read of this ticket.
   * @returns the newest known version.
   */
  add(ticket: Ticket, region: string): Ticket {
    raiseVersion(this.readVersions, ticket, region);
    const next = new Map(this.cached.peek());
    this.keepNewest(next, ticket);
    this.cached.value = next;
    return this.ticket(ticket.id) ?? ticket;
  }

  /** Records that a ticket with this version was deleted. */
  markDeleted(id: string, version: string): void {
    this.deleted.set(id, { version, since: this.clock.now() });
    // A newer version was written without knowledge of the delete. The regions decide which one wins.
    if ((this.ticket(id)?.version ?? "") > version) return;
    const next = new Map(this.cached.peek());
    next.delete(id);
    this.cached.value = next;
  }

  /** Reverts `markDeleted`, because the delete failed. */
  unmarkDeleted(id: string): void {
    this.deleted.delete(id);
  }

  /** Merges a filtered listing that was requested later than all listings merged before. */
  mergeListing(pages: readonly ListingPage[], filter: TicketFilter): void {
    const next = new Map(this.cached.peek());
    const ids = new Set(pages.flatMap(({ tickets }) => tickets.map(({ id }) => id)));
    for (const [id, { ticket, since }] of next) {
      if (ids.has(id)) continue;
      const page = matchesFilter(ticket, filter) && pages.find((each) => isWithin(ticket, each));
      const wasListed = page && (this.listedVersions.get(id)?.[page.region] ?? "") >= ticket.version;
      if (wasListed || this.isExpired(since)) next.delete(id);
    }
    for (const { tickets, region } of pages)
      for (const ticket of tickets) {
        raiseVersion(this.readVersions, ticket, region);
        raiseVersion(this.listedVersions, ticket, region);
        this.keepNewest(next, ticket);
      }
    this.cached.value = next;
  }

  private keepNewest(next: Map<string, CachedTicket>, ticket: Ticket): void {
    const { id, version } = ticket;
    const gone = this.deleted.get(id);
    if (gone && gone.version >= version && !this.isExpired(gone.since)) return;
    this.deleted.delete(id);
    const known = next.get(id);
    if (known && known.ticket.version === version) return;
    if (known && known.ticket.version > version && !this.isExpired(known.since)) return;
    next.set(id, { ticket, since: this.clock.now() });
  }

  private isExpired(since: number): boolean {
    return this.clock.now() - since >= MAX_REPLICATION_LAG_MS;
  }
}

function raiseVersion(versions: Map<string, Versions>, { id, version }: Ticket, region: string): void {
  const known = versions.get(id);
  if (!known) versions.set(id, { [region]: version });
  else if (!(known[region] >= version)) known[region] = version;
}

/** Returns all assignees seen since the web UI was opened, sorted. */
export function knownAssignees({ tickets }: Pick<TicketCache, "tickets">): ReadonlySignal<readonly string[]> {
  const names: Signal<readonly string[]> = signal([]);
  effect(() => {
    const known = new Set(names.peek());
    for (const { ticket } of tickets.value.values()) if (ticket.assignee) known.add(ticket.assignee);
    if (known.size > names.peek().length) names.value = [...known].sort((a, b) => a.localeCompare(b));
  });
  return names;
}
