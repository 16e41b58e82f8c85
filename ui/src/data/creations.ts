import { ReadonlySignal, Signal, signal } from "@preact/signals";
import { DEFAULT_FIELDS, Ticket, TicketDraft } from "./api-types";
import type { Clock } from "./browser";
import type { IdempotencyKeys } from "./draft-keys";
import { NoRegionResponds } from "./errors";
import type { FromRegion, TicketApi } from "./ticket-api";

/** A ticket that is being created. */
export interface Creation {
  /** Its idempotency key. */
  readonly key: string;
  /** What the ticket will be, as far as the page can know; its id is the key. */
  readonly ticket: Ticket;
  readonly created: Promise<FromRegion<Ticket>>;
}

/** The characters of a ULID that hold its time. */
const TIME_LENGTH = 10;

/** The tickets that are being created. */
export class Creations {
  private readonly pending: Signal<readonly Creation[]> = signal([]);

  constructor(
    private readonly api: Pick<TicketApi, "create">,
    private readonly keys: IdempotencyKeys,
    private readonly clock: Pick<Clock, "now">,
  ) {}

  /** The newest first. */
  get all(): ReadonlySignal<readonly Creation[]> {
    return this.pending;
  }

  /** Creates a ticket. The same draft while it is still on its way is the same creation. */
  begin(draft: TicketDraft): Creation {
    const key = this.keys.keyOf(draft);
    const same = this.pending.peek().find((creation) => creation.key === key);
    if (same) return same;
    const ticket = this.ticketOf(draft, key);
    const creation = { key, ticket, created: this.create(draft, key) };
    this.pending.value = [creation, ...this.pending.peek()];
    return creation;
  }

  /** Takes away a creation that has ended. */
  remove(key: string): void {
    this.pending.value = this.pending.peek().filter((creation) => creation.key !== key);
  }

  private async create(draft: TicketDraft, key: string): Promise<FromRegion<Ticket>> {
    try {
      const created = await this.api.create(draft, key);
      this.keys.release(draft);
      return created;
    } catch (error) {
      // Also when this try was surely in vain, an earlier one may not have been.
      if (!(error instanceof NoRegionResponds)) this.keys.release(draft);
      throw error;
    }
  }

  private ticketOf(draft: TicketDraft, key: string): Ticket {
    const time = new Date(this.clock.now()).toISOString();
    const ofTheApi = { createdBy: "", version: "", origin: "", createdAt: time, updatedAt: time };
    return { id: key, ...DEFAULT_FIELDS, ...ofTheApi, ...draft };
  }
}

/**
 * Whether a listed ticket is what a creation has made: a region may list it before its answer arrives. An id has the time of
 * its key, to the millisecond; who else creates a ticket in that one hides this creation until the answer is there.
 */
export function isCreatedBy({ key }: Creation, listed: Ticket): boolean {
  return listed.id.slice(0, TIME_LENGTH) === key.slice(0, TIME_LENGTH);
}
