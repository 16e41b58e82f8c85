import type { Ticket, TicketChanges } from "./api-types";
import type { Clock } from "./browser";
import { ApiProblem, ConcurrentChange, NoRegionResponds, RegionBehind } from "./errors";
import type { Changed, TicketApi } from "./ticket-api";
import type { TicketCache } from "./ticket-cache";

/** Maximum number of lost races against other writers before the write fails. */
const MAX_RACES = 5;
/** Time for a region to catch up, and the pause between attempts, in milliseconds. Replication takes about a second. */
const CATCH_UP = { timeoutMs: 4_000, pauseMs: 1_000 };

/** Write to one version of a ticket. */
interface VersionedWrite {
  readonly id: string;
  /** Ticket to use when the cache no longer has it. */
  readonly seen: Ticket;
  /**
   * Writes over exactly this version of the ticket. Throws ConcurrentChange when it must not.
   * @returns "written", or that the ticket has another version.
   */
  readonly write: (latest: Ticket) => Promise<"written" | Changed>;
  /** Returns whether the version that was just read already has the changes: an earlier attempt was applied. */
  readonly isDone?: (latest: Ticket) => boolean;
}

/**
 * Writes to tickets with optimistic locking: over exactly the known version, and again over a newer one when another user was
 * faster. Writes to the same ticket run one after the other.
 */
export class VersionedWrites {
  private readonly queues = new TicketQueues();

  constructor(
    private readonly api: Pick<TicketApi, "read" | "change" | "remove">,
    private readonly cache: TicketCache,
    private readonly clock: Clock,
  ) {}

  /**
   * Changes a ticket.
   * @param changesOver returns the changes to send over a version of the ticket.
   * @throws ConcurrentChange, RegionBehind, ApiProblem, NoRegionResponds
   */
  change(id: string, seen: Ticket, changesOver: (latest: Ticket) => TicketChanges): Promise<void> {
    const write = async (latest: Ticket): Promise<"written" | Changed> => {
      const result = await this.api.change(id, changesOver(latest), latest.version);
      if (typeof result === "string") return result;
      if (!result) throw this.deletedTicket(latest);
      this.cache.add(result.value, result.region);
      return "written";
    };
    const isDone = (latest: Ticket): boolean => hasChanges(changesOver(latest), latest);
    return this.queues.run(id, () => this.writeUntilDone({ id, seen, write, isDone }));
  }

  /**
   * Deletes a ticket. Succeeds if the ticket is already deleted.
   * @param assertMay throws when a version of the ticket must not be deleted.
   * @param keepalive returns whether the request continues when the user leaves the web UI.
   * @param sending called with the version before each request.
   * @throws ConcurrentChange, RegionBehind, ApiProblem, NoRegionResponds
   */
  async remove(
    id: string,
    seen: Ticket,
    assertMay: (latest: Ticket) => void,
    keepalive: () => boolean,
    sending: (latest: Ticket) => void,
  ): Promise<void> {
    const write = async (latest: Ticket): Promise<"written" | Changed> => {
      assertMay(latest);
      sending(latest);
      const result = await this.api.remove(id, latest.version, keepalive());
      if (result !== "removed") return result;
      this.cache.markDeleted(id, latest.version);
      return "written";
    };
    try {
      await this.queues.run(id, () => this.writeUntilDone({ id, seen, write }));
    } catch (error) {
      if (!(error instanceof ConcurrentChange && error.theirs === undefined)) throw error;
    }
  }

  private async writeUntilDone({ id, seen, write, isDone }: VersionedWrite): Promise<void> {
    const startedAt = this.clock.now();
    let tried = false;
    let uncertain = false;
    let latest = this.cache.ticket(id) ?? seen;
    for (let races = 0; races <= MAX_RACES;) {
      try {
        const result = await write(latest);
        if (result === "written") return;
        uncertain ||= result === "uncertain";
        races++;
        tried = true;
        latest = await this.readAgain(latest);
        if (isDone?.(latest)) return;
      } catch (error) {
        if (error instanceof RegionBehind) uncertain ||= error.uncertain;
        // A region may have applied an earlier attempt without a response.
        if (error instanceof NoRegionResponds && tried) throw new NoRegionResponds(error.failures, true);
        if (error instanceof ConcurrentChange && uncertain) throw new ConcurrentChange(error.theirs, true);
        if (error instanceof ApiProblem && uncertain) throw new ApiProblem(error.problem, true);
        tried = true;
        const waited = this.clock.now() - startedAt;
        if (!(error instanceof RegionBehind) || waited >= CATCH_UP.timeoutMs) throw error;
        await new Promise<void>((resolve) => this.clock.after(CATCH_UP.pauseMs, resolve));
        latest = this.cache.ticket(id) ?? latest;
      }
    }
    const detail = "Other users keep changing this ticket. Try again in a moment.";
    throw new ApiProblem({ status: 409, title: "The ticket keeps changing", detail, errors: [] }, uncertain);
  }

  private async readAgain(latest: Ticket): Promise<Ticket> {
    const { value, region } = await this.api.read(latest.id, latest.version);
    if (!value) throw this.deletedTicket(latest);
    return this.cache.add(value, region);
  }

  private deletedTicket({ id, version }: Ticket): ConcurrentChange {
    this.cache.markDeleted(id, version);
    return new ConcurrentChange(undefined);
  }
}

function hasChanges(changes: TicketChanges, ticket: Ticket): boolean {
  return Object.entries(changes).every(([field, value]) => ticket[field as keyof TicketChanges] === value);
}

/** Runs the tasks of each ticket one after the other, and those of different tickets concurrently. */
class TicketQueues {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Runs a task immediately, or after the previous task of the ticket has succeeded or failed. */
  run<T>(id: string, task: () => Promise<T>): Promise<T> {
    const before = this.last.get(id);
    const result = before ? before.then(task, task) : task();
    this.last.set(id, result);
    const remove = (): void => {
      if (this.last.get(id) === result) this.last.delete(id);
    };
    result.then(remove, remove);
    return result;
  }
}
