import { ReadonlySignal, Signal, signal } from "@preact/signals";
import { ulid } from "ulid";
import { DEFAULT_FIELDS, Ticket, TICKET_FIELDS, TicketDraft } from "./api-types";
import type { Clock, TabStorage } from "./browser";
import { ApiProblem, NoRegionResponds } from "./errors";
import type { FromRegion, TicketApi } from "./ticket-api";

/** Ticket whose creation is in flight. */
export interface Creation {
  /** Idempotency key of the request. */
  readonly key: string;
  /** Expected ticket. Its id is the idempotency key. */
  readonly ticket: Ticket;
  readonly created: Promise<FromRegion<Ticket>>;
}

/** Number of leading characters of a ULID that encode its time. */
const TIME_LENGTH = 10;

/** Ticket creations that are in flight. */
export class Creations {
  private readonly pending: Signal<readonly Creation[]> = signal([]);

  private readonly keys: IdempotencyKeys;

  constructor(
    private readonly api: Pick<TicketApi, "create">,
    storage: TabStorage,
    private readonly clock: Pick<Clock, "now">,
  ) {
    this.keys = new IdempotencyKeys(storage, clock);
  }

  /** All creations, newest first. */
  get all(): ReadonlySignal<readonly Creation[]> {
    return this.pending;
  }

  /** Creates a ticket. Returns the existing creation while an equal draft is in flight. */
  begin(draft: TicketDraft): Creation {
    const key = this.keys.keyOf(draft);
    const same = this.pending.peek().find((creation) => creation.key === key);
    if (same) return same;
    const ticket = this.ticketOf(draft, key);
    const creation = { key, ticket, created: this.create(draft, key) };
    this.pending.value = [creation, ...this.pending.peek()];
    return creation;
  }

  /** Removes a creation that has ended. */
  remove(key: string): void {
    this.pending.value = this.pending.peek().filter((creation) => creation.key !== key);
  }

  private async create(draft: TicketDraft, key: string): Promise<FromRegion<Ticket>> {
    try {
      const created = await this.api.create(draft, key);
      this.keys.release(draft);
      return created;
    } catch (error) {
      // Keeps the key if no region responded, or one rejected what another may have applied: a retry must not create a second ticket.
      const isUncertain =
        error instanceof NoRegionResponds || (error instanceof ApiProblem && error.uncertain);
      if (!isUncertain) this.keys.release(draft);
      throw error;
    }
  }

  private ticketOf(draft: TicketDraft, key: string): Ticket {
    const time = new Date(this.clock.now()).toISOString();
    const apiFields = { createdBy: "", version: "", origin: "", createdAt: time, updatedAt: time };
    return { id: key, ...DEFAULT_FIELDS, ...apiFields, ...draft };
  }
}

/**
 * Returns whether a listed ticket is the result of a creation. A region may list the ticket before its response arrives. The id
 * has the time of the idempotency key. A ticket that another client creates in the same millisecond hides this creation until
 * the response arrives.
 */
export function isCreatedBy({ key }: Creation, listed: Ticket): boolean {
  return listed.id.slice(0, TIME_LENGTH) === key.slice(0, TIME_LENGTH);
}

/** Time in which an equal draft gets the same key, in milliseconds, while the result of its creation is unknown. */
const KEY_LIFETIME_MS = 10 * 60_000;
const PREFIX = "idempotency-key:";

/**
 * Idempotency keys of new tickets. A draft keeps its key until the result of its creation is known, so that a retry never
 * creates a second ticket. https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
class IdempotencyKeys {
  constructor(
    private readonly storage: TabStorage,
    private readonly clock: Pick<Clock, "now">,
  ) {}

  /** Returns the key of a draft, or assigns a new one. It is a ULID: the id of the ticket begins with the same time. */
  keyOf(draft: TicketDraft): string {
    const name = nameOf(draft);
    const [kept, since] = this.storage.getItem(name)?.split(" ") ?? [];
    if (kept && this.clock.now() - Number(since) < KEY_LIFETIME_MS) return kept;
    const key = ulid(this.clock.now());
    this.storage.setItem(name, `${key} ${this.clock.now()}`);
    return key;
  }

  /** Removes the key of a draft whose result is known. The next equal draft creates a new ticket. */
  release(draft: TicketDraft): void {
    this.storage.removeItem(nameOf(draft));
  }
}

function nameOf(draft: TicketDraft): string {
  return PREFIX + JSON.stringify(TICKET_FIELDS.map((field) => draft[field] ?? null));
}
