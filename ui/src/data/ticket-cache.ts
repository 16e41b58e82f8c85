import { ReadonlySignal, Signal, signal } from "@preact/signals";
import type { Ticket, TicketFilter } from "./api-types";
import type { Clock } from "./browser";
import { matchesFilter, isWithin, ListingPage } from "./listing";

/**
 * How long, in milliseconds, a region may be behind what another one has said. Replication takes about a second; a minute
 * covers a slow one, and still ends.
 */
export const MAX_REPLICATION_LAG_MS = 60_000;

/** The newest version of a ticket that any region has given. */
interface CachedTicket {
  readonly ticket: Ticket;
  /** When this version was first seen. */
  readonly since: number;
}

/** A ticket that was deleted. */
interface DeletedTicket {
  /** The version that was deleted. */
  readonly version: string;
  readonly since: number;
}

/** Newest version by AWS code of the region. */
type Versions = Record<string, string>;

/**
 * What the regions have said about tickets, put together. A region that is behind another one does not take away what that
 * one has said: the newest version of a ticket stands, whoever gave it, and a ticket that a region does not list is gone only
 * if that region has listed it before. Both hold for a minute; after that the region that answers is believed.
 */
export class TicketCache {
  private readonly cached: Signal<ReadonlyMap<string, CachedTicket>> = signal(new Map());
  private readonly deleted = new Map<string, DeletedTicket>();
  // By ticket: what each region is known to have had, and what its listing has shown; the index is later than the table.
  // Kept for as long as the page is open: about 3 MB after ten thousand tickets.
  private readonly readVersions = new Map<string, Versions>();
  private readonly listedVersions = new Map<string, Versions>();

  constructor(private readonly clock: Pick<Clock, "now">) {}

  /** All that is remembered, by id. */
  get tickets(): ReadonlySignal<ReadonlyMap<string, { readonly ticket: Ticket }>> {
    return this.cached;
  }

  /** A ticket as it was last seen. */
  ticket(id: string): Ticket | undefined {
    return this.cached.peek().get(id)?.ticket;
  }

  /** By AWS code of the region, the newest version of a ticket that it is known to have had until now. */
  knownVersions(id: string): Readonly<Versions> {
    return { ...this.readVersions.get(id) };
  }

  /**
   * Takes in a ticket that a region gave alone, after a write or because it was asked for.
   * @returns the newest version that is known, this one or another.
   */
  add(ticket: Ticket, region: string): Ticket {
    raiseVersion(this.readVersions, ticket, region);
    const next = new Map(this.cached.peek());
    this.keepNewest(next, ticket);
    this.cached.value = next;
    return this.ticket(ticket.id) ?? ticket;
  }

  /** Takes in that a ticket was deleted that had this version. */
  markDeleted(id: string, version: string): void {
    this.deleted.set(id, { version, since: this.clock.now() });
    // A newer version was written without knowledge of the delete; the regions will say which one won.
    if ((this.ticket(id)?.version ?? "") > version) return;
    const next = new Map(this.cached.peek());
    next.delete(id);
    this.cached.value = next;
  }

  /** Takes back what `forget` said: the ticket was not deleted after all. */
  unmarkDeleted(id: string): void {
    this.deleted.delete(id);
  }

  /** Takes in a listing under a filter, which was asked for after every listing that was taken in before. */
  mergeListing(stretches: readonly ListingPage[], filter: TicketFilter): void {
    const next = new Map(this.cached.peek());
    const ids = new Set(stretches.flatMap(({ tickets }) => tickets.map(({ id }) => id)));
    for (const [id, { ticket, since }] of next) {
      if (ids.has(id)) continue;
      const stretch = matchesFilter(ticket, filter) && stretches.find((part) => isWithin(ticket, part));
      const wasThere = stretch && (this.listedVersions.get(id)?.[stretch.region] ?? "") >= ticket.version;
      if (wasThere || this.isExpired(since)) next.delete(id);
    }
    for (const { tickets, region } of stretches)
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
