import { batch, computed, ReadonlySignal, Signal, signal } from "@preact/signals";
import type { Ticket, TicketFilter } from "./api-types";
import { ApiProblem, NoRegionResponds } from "./errors";
import { positionOf, readListing, ListingRange } from "./listing";
import type { TicketApi } from "./ticket-api";
import type { TicketCache } from "./ticket-cache";

/** Part of the listing that was read. */
interface LoadedRange {
  readonly range: ListingRange;
  /** Position of the last ticket; undefined when no more tickets follow. */
  readonly to?: string;
}

/** Reads the shown part of the listing into the cache. Read errors are stored in `problem`, not thrown. */
export class ListingReader {
  private readonly range: Signal<ListingRange> = signal({ filter: {}, pages: 1 });
  private readonly loaded: Signal<LoadedRange | undefined> = signal(undefined);
  private readonly lastProblem: Signal<string | undefined> = signal(undefined);
  private lastStarted = 0;
  private lastApplied = 0;

  readonly filter: ReadonlySignal<TicketFilter> = computed(() => this.range.value.filter);
  /** Whether no response for the current filter has arrived yet. */
  readonly pending: ReadonlySignal<boolean> = computed(
    () => this.loaded.value?.range.filter !== this.range.value.filter,
  );
  readonly hasMore: ReadonlySignal<boolean> = computed(
    () => !this.pending.value && this.loaded.value?.to !== undefined,
  );
  /** Reason why the API rejected the last read. */
  readonly problem: ReadonlySignal<string | undefined> = this.lastProblem;

  constructor(
    private readonly api: Pick<TicketApi, "list">,
    private readonly cache: TicketCache,
  ) {}

  /** Returns whether a ticket belongs to the part that was read. While the filter is pending, every ticket does. */
  isLoaded(ticket: Ticket): boolean {
    const to = this.pending.value ? undefined : this.loaded.value?.to;
    return to === undefined || positionOf(ticket) >= to;
  }

  /** Sets the filter and reads its first page. */
  async setFilter(filter: TicketFilter): Promise<void> {
    this.range.value = { filter, pages: 1 };
    await this.refresh();
  }

  /** Reads one more page. */
  async loadMore(): Promise<void> {
    if (!this.hasMore.peek()) return;
    const before = this.range.peek();
    const wanted = { filter: before.filter, pages: before.pages + 1 };
    this.range.value = wanted;
    await this.refresh();
    // After a failure, later refreshes do not read the additional page.
    if (this.loaded.peek()?.range !== wanted && this.range.peek() === wanted) this.range.value = before;
  }

  /** Reads the shown part again. Ignores a response that arrives after the response of a later refresh. */
  async refresh(): Promise<void> {
    const number = ++this.lastStarted;
    const range = this.range.peek();
    try {
      const pages = await readListing(this.api, range);
      if (number < this.lastApplied) return;
      this.lastApplied = number;
      batch(() => {
        this.cache.mergeListing(pages, range.filter);
        this.loaded.value = { range, to: pages.at(-1)?.to };
        this.lastProblem.value = undefined;
      });
    } catch (error) {
      if (error instanceof ApiProblem) this.lastProblem.value = error.problem.detail;
      else if (error instanceof NoRegionResponds) this.lastProblem.value = undefined;
      else throw error;
    }
  }
}
