import { ReadonlySignal, Signal, signal } from "@preact/signals";
import type { Clock } from "./browser";
import { ApiProblem, NoRegionResponds } from "./errors";
import type { TicketApi } from "./ticket-api";

/** They are asked for no more often than this, in milliseconds. */
const MIN_INTERVAL_MS = 4_000;

/** Which tickets had conflicts, as far as the newest hundred entries tell. */
export class ConflictWatch {
  private readonly newest: Signal<ReadonlyMap<string, string>> = signal(new Map());

  private lastRefresh = -Infinity;

  constructor(
    private readonly api: Pick<TicketApi, "recentConflicts">,
    private readonly clock: Pick<Clock, "now">,
  ) {}

  /** The newest losing version by ticket's id. */
  get losingVersions(): ReadonlySignal<ReadonlyMap<string, string>> {
    return this.newest;
  }

  /** Asks again, unless it has just been asked. When that fails, what was known stays: the tickets matter more, and the next time it may succeed. */
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
