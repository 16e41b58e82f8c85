import type { Ticket } from "./api-types";
import type { Clock, TabStorage } from "./browser";
import type { KnownValues } from "./edits";
import { MAX_REPLICATION_LAG_MS } from "./ticket-cache";

/** Delete that no region has confirmed yet. */
export interface UnconfirmedRemoval {
  /** Ticket in the version to delete. */
  readonly ticket: Ticket;
  /** Values that the user had seen. The delete fails when another user has changed one of them. */
  readonly known: KnownValues;
}

/** Delete of this browser tab. */
interface LoggedRemoval extends Pick<Ticket, "id" | "version"> {
  /** Time of the request, later of its confirmation, in milliseconds since 1970. */
  readonly since: number;
  /** What is needed to send the delete again. Undefined when a region confirmed it. */
  readonly unconfirmed?: UnconfirmedRemoval;
}

const STORAGE_KEY = "removed-tickets";
/** Maximum number of entries. The oldest are removed first. */
const MAX_ENTRIES = 200;

/**
 * Deletes of this browser tab, kept across reloads until the listings of all regions have caught up. Without the log, a deleted
 * ticket reappears for a moment: the listing reads an index that is updated after the table, and a delete that is sent
 * while the user leaves the web UI is still in flight when the reloaded one reads.
 */
export class RemovalLog {
  constructor(
    private readonly storage: TabStorage,
    private readonly clock: Pick<Clock, "now">,
  ) {}

  /** Returns the deletes that a listing may not show yet, newest first. */
  all(): readonly LoggedRemoval[] {
    return this.read().filter(({ since }) => this.clock.now() - since < MAX_REPLICATION_LAG_MS);
  }

  /** Returns the deletes that no region has confirmed, newest first. */
  unconfirmed(): readonly UnconfirmedRemoval[] {
    return this.all().flatMap(({ unconfirmed }) => unconfirmed ?? []);
  }

  /** Records a delete before it is sent. */
  record(removal: UnconfirmedRemoval): void {
    const { id, version } = removal.ticket;
    this.write([{ id, version, since: this.clock.now(), unconfirmed: removal }, ...this.others(id)]);
  }

  /** Records that a region confirmed a delete. */
  confirm(id: string): void {
    const since = this.clock.now();
    this.write(this.all().map((entry) => (entry.id === id ? { id, version: entry.version, since } : entry)));
  }

  /** Removes a delete that failed or whose result is unknown. */
  discard(id: string): void {
    this.write(this.others(id));
  }

  private others(id: string): readonly LoggedRemoval[] {
    return this.all().filter((entry) => entry.id !== id);
  }

  private read(): readonly LoggedRemoval[] {
    try {
      const entries: unknown = JSON.parse(this.storage.getItem(STORAGE_KEY) ?? "[]");
      return Array.isArray(entries) ? entries.filter(isLogged) : [];
    } catch {
      return [];
    }
  }

  private write(entries: readonly LoggedRemoval[]): void {
    try {
      if (entries.length === 0) this.storage.removeItem(STORAGE_KEY);
      else this.storage.setItem(STORAGE_KEY, JSON.stringify(entries.slice(0, MAX_ENTRIES)));
    } catch {
      // Without storage, a deleted ticket may reappear for a moment after a reload.
    }
  }
}

function isLogged(entry: unknown): entry is LoggedRemoval {
  const { id, version, since } = (entry ?? {}) as Partial<LoggedRemoval>;
  return typeof id === "string" && typeof version === "string" && typeof since === "number";
}
