import type { Ticket } from "./api-types";
import type { Clock } from "./browser";
import type { TabStorage } from "./browser";
import { ApiProblem, NoRegionResponds, RegionBehind } from "./errors";
import type { TicketApi } from "./ticket-api";
import { MAX_REPLICATION_LAG_MS } from "./ticket-cache";

/** Delete that this browser tab sent. */
export interface LoggedRemoval extends Pick<Ticket, "id" | "version" | "subject"> {
  /** Time of the request, later of its confirmation, in milliseconds since 1970. */
  readonly since: number;
  /** Whether a region confirmed it. */
  readonly confirmed: boolean;
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

  /** Records a delete before it is sent. */
  record({ id, version, subject }: Ticket): void {
    this.write([{ id, version, subject, since: this.clock.now(), confirmed: false }, ...this.others(id)]);
  }

  /** Records that a region confirmed a delete. */
  confirm(id: string): void {
    const now = this.clock.now();
    this.write(
      this.all().map((entry) => (entry.id === id ? { ...entry, since: now, confirmed: true } : entry)),
    );
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

/**
 * Sends unconfirmed deletes again. Deleting a deleted ticket has no effect.
 * @returns the deletes that failed.
 */
export async function retryUnconfirmed(
  api: Pick<TicketApi, "remove">,
  log: RemovalLog,
): Promise<readonly LoggedRemoval[]> {
  const open = log.all().filter(({ confirmed }) => !confirmed);
  const done = await Promise.all(open.map((removal) => finish(api, log, removal)));
  return open.filter((_, index) => !done[index]);
}

async function finish(
  api: Pick<TicketApi, "remove">,
  log: RemovalLog,
  { id, version }: LoggedRemoval,
): Promise<boolean> {
  let done = false;
  try {
    done = (await api.remove(id, version, false)) === "removed";
  } catch (error) {
    const isFailure =
      error instanceof ApiProblem || error instanceof NoRegionResponds || error instanceof RegionBehind;
    if (!isFailure) throw error;
  }
  if (done) log.confirm(id);
  else log.discard(id);
  return done;
}
