import { ReadonlySignal, Signal, signal } from "@preact/signals";
import { ApiProblem, NoRegionAnswers } from "./errors";
import type { TicketApi } from "./ticket-api";

/** Which tickets had conflicts, as far as the newest hundred entries tell. */
export class ConflictWatch {
  private readonly newest: Signal<ReadonlyMap<string, string>> = signal(new Map());

  constructor(private readonly api: Pick<TicketApi, "recentConflicts">) {}

  /** The newest losing version by ticket's id. */
  get losingVersions(): ReadonlySignal<ReadonlyMap<string, string>> {
    return this.newest;
  }

  /** Asks again. When that fails, what was known stays: the tickets matter more, and the next time it may succeed. */
  async refresh(): Promise<void> {
    try {
      const { conflicts } = await this.api.recentConflicts();
      const newest = new Map<string, string>();
      for (const { id, losingVersion } of conflicts)
        if (losingVersion > (newest.get(id) ?? "")) newest.set(id, losingVersion);
      this.newest.value = newest;
    } catch (error) {
      if (!(error instanceof ApiProblem || error instanceof NoRegionAnswers)) throw error;
    }
  }
}
