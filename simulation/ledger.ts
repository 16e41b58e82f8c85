import type { ConflictEntry } from "../functions/replication/conflict-entry";
import type { QuarantinedRecord } from "../functions/replication/quarantined-record";
import type { StoredTicket, Ticket } from "../functions/tickets/ticket";
import { TICKET_FIELDS } from "../functions/tickets/ticket-attributes";

/** Request of a client. */
export interface ClientRequest {
  readonly what: "create" | "edit" | "delete";
  /** Id of the ticket; absent for a create. */
  readonly id?: string;
  readonly body?: Readonly<Partial<Ticket>>;
  /** Idempotency-Key. */
  readonly key?: string;
  /** Version in If-Match. */
  readonly version?: string;
}

/** Successful response to a request. */
export interface Answer {
  readonly request: ClientRequest;
  /** Ticket in the response; undefined for a delete. */
  readonly ticket: Ticket | undefined;
  /** Item that the region wrote, or had read last if it wrote nothing. */
  readonly item: StoredTicket | undefined;
  /** Time of the response by the region's clock, in milliseconds since 1970. */
  readonly time: number;
}

/** Request that a region rejected with an expected status. */
export interface Refusal {
  readonly request: ClientRequest;
  /** HTTP status. */
  readonly status: number;
  /** Item that the region had read last. */
  readonly read: StoredTicket | undefined;
  /** Time of the response by the region's clock, in milliseconds since 1970. */
  readonly time: number;
}

/** Client write that a region stored, whether or not the client received the response. */
export interface ClientWrite {
  readonly id: string;
  readonly version: string;
  /** AWS code of the region that stored it. */
  readonly region: string;
  /** Version that the writer had read; undefined if there was no item. */
  readonly parent: string | undefined;
  readonly item: StoredTicket;
  /** Request that caused the write. */
  readonly request: ClientRequest;
}

/** Write that replication applied to a region. */
export interface AppliedWrite {
  readonly incoming: StoredTicket;
  /** Item that it replaced. */
  readonly replaced: StoredTicket | undefined;
  /** AWS code of the region whose table it was applied to. */
  readonly region: string;
}

/** Record of everything in a simulation that the assertions need. */
export class Ledger {
  readonly clientWrites: ClientWrite[] = [];
  readonly answers: Answer[] = [];
  readonly refusals: Refusal[] = [];
  readonly applied: AppliedWrite[] = [];
  /** Items that replication tried to apply to the region that wrote them. */
  readonly returned: StoredTicket[] = [];
  readonly quarantined: Pick<QuarantinedRecord, "error" | "record">[] = [];
  /** Ids of items that were written past the application and that may never be replicated. */
  readonly poisoned: string[] = [];
  /** Keys of forged reserved items, each with the AWS code of the region where it was written. */
  readonly forged: { readonly id: string; readonly region: string }[] = [];
  /** Versions of the tombstones that TTL purged in any region, by item. */
  readonly purged = new Map<string, string[]>();
  /** Ids of items with a stream record that expired before it was replicated. */
  readonly dropped = new Set<string>();
  /** Lowest winning version that was ever put into a conflict table, by the key of the conflict. */
  readonly lowestWinners = new Map<string, string>();

  writesOf(id: string): ClientWrite[] {
    return this.clientWrites.filter((write) => write.id === id);
  }

  recordWinner(conflict: string, winner: string): void {
    const lowest = this.lowestWinners.get(conflict);
    if (lowest === undefined || winner < lowest) this.lowestWinners.set(conflict, winner);
  }

  recordPurge(id: string, version: string): void {
    this.purged.set(id, [...(this.purged.get(id) ?? []), version]);
  }

  /** Returns the versions that a write builds on: the one its writer had read, the one before that, and so on. */
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

  /** Returns the first write of the history of a version. */
  creationOf(id: string, version: string): ClientWrite | undefined {
    const all = new Set([version, ...this.ancestorsOf(id, version)]);
    return this.writesOf(id).find((write) => write.parent === undefined && all.has(write.version));
  }

  /** Returns whether neither of two writes builds on the other. They are then a conflict, unless their contents are equal. */
  areConcurrent(id: string, one: string, other: string): boolean {
    return one !== other && !this.ancestorsOf(id, one).has(other) && !this.ancestorsOf(id, other).has(one);
  }
}

/** Returns the content of a write, without the time and place of the write. */
export function contentOf(item: StoredTicket): string {
  if (item.deleted) return "deleted";
  const { createdBy, resolvedConflict, idempotencyFingerprint } = item;
  const values = TICKET_FIELDS.map((field) => item[field]);
  return JSON.stringify([...values, createdBy, resolvedConflict, idempotencyFingerprint]);
}

/** Returns the key of a conflict in the conflict tables. */
export function keyOf({ id, losingVersion }: Pick<ConflictEntry, "id" | "losingVersion">): string {
  return `${id} ${losingVersion}`;
}
