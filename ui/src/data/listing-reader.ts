import { batch, computed, ReadonlySignal, Signal, signal } from "@preact/signals";
import type { Ticket, TicketFilter } from "./api-types";
import { ApiProblem, NoRegionResponds } from "./errors";
import { positionOf, readListing, ListingRange } from "./listing";
import type { TicketApi } from "./ticket-api";
import type { TicketCache } from "./ticket-cache";

/** How far the listing was read, and under which filter. */
interface LoadedRange {
  readonly range: ListingRange;
  /** Place of the last ticket; undefined when nothing comes after it. */
  readonly to?: string;
}

/** Reads the part of the listing that is shown into the memory. Its methods do not throw what goes wrong with reading. */
export class ListingReader {
  private readonly range: Signal<ListingRange> = signal({ filter: {}, pages: 1 });
  private readonly loaded: Signal<LoadedRange | undefined> = signal(undefined);
  private readonly lastProblem: Signal<string | undefined> = signal(undefined);
  private lastStarted = 0;
  private lastApplied = 0;

  readonly filter: ReadonlySignal<TicketFilter> = computed(() => this.range.value.filter);
  /** Whether the tickets under the filter have not been read yet. */
  readonly pending: ReadonlySignal<boolean> = computed(
    () => this.loaded.value?.range.filter !== this.range.value.filter,
  );
  readonly hasMore: ReadonlySignal<boolean> = computed(
    () => !this.pending.value && this.loaded.value?.to !== undefined,
  );
  /** Why the last reading was refused. */
  readonly problem: ReadonlySignal<string | undefined> = this.lastProblem;

  constructor(
    private readonly api: Pick<TicketApi, "list">,
    private readonly cache: TicketCache,
  ) {}

  /** Whether a ticket stands in the part that was read. Every one does while nothing was read under the filter. */
  isLoaded(ticket: Ticket): boolean {
    const to = this.pending.value ? undefined : this.loaded.value?.to;
    return to === undefined || positionOf(ticket) >= to;
  }

  /** Begins anew under another filter. */
  async setFilter(filter: TicketFilter): Promise<void> {
    this.range.value = { filter, pages: 1 };
    await this.refresh();
  }

  /** Reads one page more. */
  async loadMore(): Promise<void> {
    if (!this.hasMore.peek()) return;
    const before = this.range.peek();
    const wanted = { filter: before.filter, pages: before.pages + 1 };
    this.range.value = wanted;
    await this.refresh();
    // What could not be read is not wanted by later readings either, until it is asked for again.
    if (this.loaded.peek()?.range !== wanted && this.range.peek() === wanted) this.range.value = before;
  }

  /** Reads again what is wanted. An answer that comes after that to a later question is dropped. */
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
