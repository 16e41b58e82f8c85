import type { Ticket } from "./api-types";
import type { Clock } from "./browser";
import type { TabStorage } from "./draft-keys";
import { ApiProblem, NoRegionResponds, RegionBehind } from "./errors";
import type { TicketApi } from "./ticket-api";
import { MAX_REPLICATION_LAG_MS } from "./ticket-cache";

/** A delete that this tab sent. */
export interface LoggedRemoval extends Pick<Ticket, "id" | "version" | "subject"> {
  /** When it was sent, in milliseconds since 1970. */
  readonly since: number;
  /** Whether a region confirmed it. */
  readonly confirmed: boolean;
}

const STORAGE_KEY = "removed-tickets";
/** Most deletes that are kept; the oldest go first. */
const MAX_ENTRIES = 200;

/**
 * The deletes of this tab, kept over a reload until every region's listing has had time to follow. Without it a deleted ticket
 * comes back for a moment: the listing is an index, which follows the table later, and a delete that is sent while the page is
 * left is still in flight when the next page reads.
 */
export class RemovalLog {
  constructor(
    private readonly storage: TabStorage,
    private readonly clock: Pick<Clock, "now">,
  ) {}

  /** Those that a listing may still contradict, the newest first. */
  all(): readonly LoggedRemoval[] {
    return this.read().filter(({ since }) => this.clock.now() - since < MAX_REPLICATION_LAG_MS);
  }

  /** To be called before a delete is sent. */
  record({ id, version, subject }: Ticket): void {
    this.write([{ id, version, subject, since: this.clock.now(), confirmed: false }, ...this.others(id)]);
  }

  /** To be called when a region has confirmed a delete. */
  confirm(id: string): void {
    const now = this.clock.now();
    this.write(
      this.all().map((entry) => (entry.id === id ? { ...entry, since: now, confirmed: true } : entry)),
    );
  }

  /** To be called when a delete did not happen, or nobody knows whether it did. */
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
      // A full storage costs no more than a ticket that is shown for a moment after a reload.
    }
  }
}

function isLogged(entry: unknown): entry is LoggedRemoval {
  const { id, version, since } = (entry ?? {}) as Partial<LoggedRemoval>;
  return typeof id === "string" && typeof version === "string" && typeof since === "number";
}

/**
 * Sends again what nobody confirmed; a delete that was done is none the second time.
 * @returns the deletes that did not happen.
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
