import type { ConflictEntry } from "../functions/replication/conflict-entry";
import type { QuarantinedRecord } from "../functions/replication/quarantined-record";
import type { StoredTicket, Ticket } from "../functions/tickets/ticket";
import { TICKET_FIELDS } from "../functions/tickets/ticket-attributes";

/** A client's request. */
export interface ClientRequest {
  readonly what: "create" | "edit" | "delete";
  /** Of the ticket; absent when one is created. */
  readonly id?: string;
  readonly body?: Readonly<Partial<Ticket>>;
  /** The Idempotency-Key. */
  readonly key?: string;
  /** The version that If-Match names. */
  readonly version?: string;
}

/** A request that a region did not refuse. */
export interface Answer {
  readonly request: ClientRequest;
  /** The ticket that the client was given; undefined for a delete. */
  readonly ticket: Ticket | undefined;
}

/** A request that a region refused, as clients must expect. */
export interface Refusal {
  readonly request: ClientRequest;
  /** The HTTP status. */
  readonly status: number;
  /** What the region had read last. */
  readonly read: StoredTicket | undefined;
}

/** A write of a client that a region has taken, whether or not the client got the answer. */
export interface ClientWrite {
  readonly id: string;
  readonly version: string;
  /** AWS code of the region that took it. */
  readonly region: string;
  /** The version that the writer had read; undefined when there was nothing. */
  readonly parent: string | undefined;
  readonly item: StoredTicket;
  /** What the client asked for. */
  readonly request: ClientRequest;
}

/** A write that replication brought into a region and that took effect there. */
export interface AppliedWrite {
  readonly incoming: StoredTicket;
  /** What it replaced. */
  readonly replaced: StoredTicket | undefined;
  /** AWS code of the region whose table took it. */
  readonly region: string;
}

/** Everything that happened in a simulation and that its end is judged by. */
export class Ledger {
  readonly clientWrites: ClientWrite[] = [];
  readonly answers: Answer[] = [];
  readonly refusals: Refusal[] = [];
  readonly applied: AppliedWrite[] = [];
  /** Items that replication tried to bring back to the region that wrote them. */
  readonly broughtHome: StoredTicket[] = [];
  readonly quarantined: Pick<QuarantinedRecord, "error" | "record">[] = [];
  /** Ids of items that were put into a table past the application, and that must never leave it. */
  readonly poisoned: string[] = [];
  /** Keys of reserved items that were written as if they replicated, each with its region's AWS code. */
  readonly forged: { readonly id: string; readonly region: string }[] = [];
  /** Versions of the tombstones that TTL has purged somewhere, by item. */
  readonly purged = new Map<string, string[]>();
  /** Ids of items of which a stream dropped a record that was not replicated yet. */
  readonly dropped = new Set<string>();

  /** The lowest winning version that a conflict table was ever told, by the conflict's key. */
  readonly lowestWinners = new Map<string, string>();

  writesOf(id: string): ClientWrite[] {
    return this.clientWrites.filter((write) => write.id === id);
  }

  tell(conflict: string, winner: string): void {
    const lowest = this.lowestWinners.get(conflict);
    if (lowest === undefined || winner < lowest) this.lowestWinners.set(conflict, winner);
  }

  purge(id: string, version: string): void {
    this.purged.set(id, [...(this.purged.get(id) ?? []), version]);
  }

  /** The versions that a write builds on: what its writer had read, what that one's writer had read, and so on. */
  ancestorsOf(id: string, version: string): Set<string> {
    const parents = new Map(this.writesOf(id).map((write) => [write.version, write.parent]));
    const ancestors = new Set<string>();
    for (
      let next = parents.get(version);
      next !== undefined && !ancestors.has(next);
      next = parents.get(next)
    )
      ancestors.add(next);
    return ancestors;
  }

  /** The write that a ticket began with, as one of its versions builds on it. */
  beginningOf(id: string, version: string): ClientWrite | undefined {
    const all = new Set([version, ...this.ancestorsOf(id, version)]);
    return this.writesOf(id).find((write) => write.parent === undefined && all.has(write.version));
  }

  /** Whether neither of two writes builds on the other: with what they say, the oracle of conflicts. */
  areConcurrent(id: string, one: string, other: string): boolean {
    return one !== other && !this.ancestorsOf(id, one).has(other) && !this.ancestorsOf(id, other).has(one);
  }
}

/** What a write says, as its client meant it, apart from when and where it was made. */
export function contentOf(item: StoredTicket): string {
  if (item.deleted) return "deleted";
  const { createdBy, resolvedConflict, idempotencyFingerprint } = item;
  const values = TICKET_FIELDS.map((field) => item[field]);
  return JSON.stringify([...values, createdBy, resolvedConflict, idempotencyFingerprint]);
}

/** What tells conflicts apart, the key of their tables. */
export function keyOf({ id, losingVersion }: Pick<ConflictEntry, "id" | "losingVersion">): string {
  return `${id} ${losingVersion}`;
}
