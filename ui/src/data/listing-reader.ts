import { batch, computed, ReadonlySignal, Signal, signal } from "@preact/signals";
import type { Ticket, TicketFilter } from "./api-types";
import { ApiProblem, NoRegionAnswers } from "./errors";
import { placeOf, readListing, Wanted } from "./listing";
import type { TicketApi } from "./ticket-api";
import type { TicketMemory } from "./ticket-cache";

/** How far the listing was read, and under which filter. */
interface Read {
  readonly wanted: Wanted;
  /** Place of the last ticket; undefined when nothing comes after it. */
  readonly to?: string;
}

/** Reads the part of the listing that is shown into the memory. Its methods do not throw what goes wrong with reading. */
export class ListingReader {
  private readonly wanted: Signal<Wanted> = signal({ filter: {}, pages: 1 });
  private readonly read: Signal<Read | undefined> = signal(undefined);
  private readonly whatIsWrong: Signal<string | undefined> = signal(undefined);
  private begun = 0;
  private takenIn = 0;

  readonly filter: ReadonlySignal<TicketFilter> = computed(() => this.wanted.value.filter);
  /** Whether the tickets under the filter have not been read yet. */
  readonly pending: ReadonlySignal<boolean> = computed(
    () => this.read.value?.wanted.filter !== this.wanted.value.filter,
  );
  readonly hasMore: ReadonlySignal<boolean> = computed(
    () => !this.pending.value && this.read.value?.to !== undefined,
  );
  /** Why the last reading was refused. */
  readonly problem: ReadonlySignal<string | undefined> = this.whatIsWrong;

  constructor(
    private readonly api: Pick<TicketApi, "list">,
    private readonly memory: TicketMemory,
  ) {}

  /** Whether a ticket stands in the part that was read. Every one does while nothing was read under the filter. */
  inReach(ticket: Ticket): boolean {
    const to = this.pending.value ? undefined : this.read.value?.to;
    return to === undefined || placeOf(ticket) >= to;
  }

  /** Begins anew under another filter. */
  async show(filter: TicketFilter): Promise<void> {
    this.wanted.value = { filter, pages: 1 };
    await this.refresh();
  }

  /** Reads one page more. */
  async loadMore(): Promise<void> {
    if (!this.hasMore.peek()) return;
    const before = this.wanted.peek();
    const wanted = { filter: before.filter, pages: before.pages + 1 };
    this.wanted.value = wanted;
    await this.refresh();
    // What could not be read is not wanted by later readings either, until it is asked for again.
    if (this.read.peek()?.wanted !== wanted && this.wanted.peek() === wanted) this.wanted.value = before;
  }

  /** Reads again what is wanted. An answer that comes after that to a later question is dropped. */
  async refresh(): Promise<void> {
    const number = ++this.begun;
    const wanted = this.wanted.peek();
    try {
      const stretches = await readListing(this.api, wanted);
      if (number < this.takenIn) return;
      this.takenIn = number;
      batch(() => {
        this.memory.absorb(stretches, wanted.filter);
        this.read.value = { wanted, to: stretches.at(-1)?.to };
        this.whatIsWrong.value = undefined;
      });
    } catch (error) {
      if (error instanceof ApiProblem) this.whatIsWrong.value = error.problem.detail;
      else if (error instanceof NoRegionAnswers) this.whatIsWrong.value = undefined;
      else throw error;
    }
  }
}
