import { ReadonlySignal, Signal, signal } from "@preact/signals";
import { Conflict, ConflictHistory, Ticket, TICKET_FIELDS, TicketChanges, TicketFields } from "./api-types";
import type { PendingRemoval } from "./removals";
import type { Clock } from "./browser";
import { ApiProblem, isUnknownConflict, NoRegionResponds } from "./errors";
import type { TicketApi } from "./ticket-api";

/** Ticket that two regions changed, with its conflicts. */
export interface ConflictComparison {
  /** Current ticket; undefined when it was deleted. */
  readonly ticket: Ticket | undefined;
  /** Conflicts, including resolved ones, newest losing write first. */
  readonly conflicts: readonly Conflict[];
}

/** Version that the user keeps: one of two, or the current one with these fields of the losing one. */
export type Resolution = "current" | "losing" | readonly (keyof TicketFields)[];

/** Operations that a resolver needs. */
export interface ConflictResolverOptions {
  readonly history: (id: string) => Promise<ConflictHistory>;
  /** Returns the newest known version of a ticket. */
  readonly known: (id: string) => string | undefined;
  readonly read: (id: string, version: string) => Promise<Ticket | undefined>;
  readonly remove: (id: string, seen: Ticket | undefined) => PendingRemoval;
  /** Saves changes if no field of the ticket has changed since the user saw it. */
  readonly save: (
    id: string,
    changesOf: (seen: Ticket) => TicketChanges,
    seen: Ticket | undefined,
  ) => Promise<void>;
}

/** Reads and resolves the conflicts of tickets. */
export class ConflictResolver {
  constructor(private readonly options: ConflictResolverOptions) {}

  /**
   * Reads the conflicts of a ticket, and the ticket in the winning version or a newer one. The listing may still have the
   * losing version.
   * @throws ApiProblem, NoRegionResponds, and RegionBehind when the only region that responds does not have that version yet.
   */
  async compare(id: string): Promise<ConflictComparison> {
    const { history, known, read } = this.options;
    const { conflicts } = await history(id);
    return { ticket: await read(id, newestWinner(conflicts, known(id) ?? "")), conflicts };
  }

  /**
   * Resolves a conflict and all older ones of the ticket: keeps the ticket, or takes all or some fields from the losing write.
   * When that write is a delete, `losing` deletes the ticket. The choice is saved without the mark when no region that responds
   * has the conflict.
   * @param seen ticket that the user compared; by default the ticket as shown now.
   * @returns whether the conflict is marked as resolved. Otherwise it is shown again if a region has it.
   * @throws the errors of the writes of TicketStore. Throws ConcurrentChange also when another user changed any other field.
   */
  async resolve(
    id: string,
    { losing, losingVersion }: Conflict,
    keep: Resolution,
    seen?: Ticket,
  ): Promise<boolean> {
    if ("deleted" in losing && keep === "losing") {
      const removal = this.options.remove(id, seen);
      removal.commit();
      await removal.done;
      return true;
    }
    const changesOf = (base: Ticket): TicketChanges => changesOfResolution(base, losing, keep);
    try {
      await this.options.save(id, (base) => ({ ...changesOf(base), resolvedConflict: losingVersion }), seen);
      return true;
    } catch (error) {
      // A region without a response may have saved the mark. A write without it would conflict with that one.
      if (!(error instanceof ApiProblem) || error.uncertain || !isUnknownConflict(error.problem)) throw error;
      // The entry expired, or only a region that does not respond has it. A conflict that arrives later is shown again.
      await this.options.save(id, changesOf, seen);
      return false;
    }
  }
}

/** Returns the newest version of a ticket among the known one and the winners of its conflicts. */
function newestWinner(conflicts: readonly Conflict[], known: string): string {
  return conflicts.reduce(
    (latest, { winningVersion }) => (winningVersion > latest ? winningVersion : latest),
    known,
  );
}

/** Returns the fields that a resolution takes from the losing version. */
export function changesOfResolution(
  base: Ticket,
  losing: Conflict["losing"],
  keep: Resolution,
): TicketChanges {
  if ("deleted" in losing || keep === "current") return {};
  const wanted = keep === "losing" ? TICKET_FIELDS : keep;
  const differing = wanted.filter((field) => losing[field] !== base[field]);
  return Object.fromEntries(differing.map((field) => [field, losing[field]]));
}

/** Minimum time between two reads of the recent conflicts, in milliseconds. */
const MIN_INTERVAL_MS = 4_000;

/** Tickets with recent conflicts, from the newest hundred entries. */
export class ConflictWatch {
  private readonly newest: Signal<ReadonlyMap<string, string>> = signal(new Map());

  private lastRefresh = -Infinity;

  constructor(
    private readonly api: Pick<TicketApi, "recentConflicts">,
    private readonly clock: Pick<Clock, "now">,
  ) {}

  /** Newest losing version by ticket id. */
  get losingVersions(): ReadonlySignal<ReadonlyMap<string, string>> {
    return this.newest;
  }

  /** Reads the conflicts unless they have just been read. Keeps the known ones after a failure; the next refresh retries. */
  async refresh(): Promise<void> {
    const now = this.clock.now();
    if (now - this.lastRefresh < MIN_INTERVAL_MS) return;
    this.lastRefresh = now;
    try {
      const { conflicts } = await this.api.recentConflicts();
      const newest = new Map<string, string>();
      for (const { id, losingVersion } of conflicts)
        if (losingVersion > (newest.get(id) ?? "")) newest.set(id, losingVersion);
      this.newest.value = newest;
    } catch (error) {
      if (!(error instanceof ApiProblem || error instanceof NoRegionResponds)) throw error;
    }
  }
}
