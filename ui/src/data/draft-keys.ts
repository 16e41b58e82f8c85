import { ulid } from "ulid";
import { TICKET_FIELDS, TicketDraft } from "./api-types";
import type { Clock } from "./browser";

/** Where keys outlive a reload of the page: the part of the Web Storage API that is used. */
export interface TabStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

/** How long, in milliseconds, the same draft means the same ticket while nobody knows whether it was saved. */
const KEY_LIFETIME_MS = 10 * 60_000;
const PREFIX = "idempotency-key:";

/**
 * The idempotency keys of tickets that are being created. A draft has the same key until it is known what became of it, so that
 * trying again never makes a second ticket. https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export class IdempotencyKeys {
  constructor(
    private readonly storage: TabStorage,
    private readonly clock: Pick<Clock, "now">,
  ) {}

  /** The key of a draft: the one that it has, or a new one. A ULID, so that the ticket's id begins with the same time. */
  keyOf(draft: TicketDraft): string {
    const name = nameOf(draft);
    const [kept, since] = this.storage.getItem(name)?.split(" ") ?? [];
    if (kept && this.clock.now() - Number(since) < KEY_LIFETIME_MS) return kept;
    const key = ulid(this.clock.now());
    this.storage.setItem(name, `${key} ${this.clock.now()}`);
    return key;
  }

  /** To be called when it is known what became of a draft: the next one like it is a new ticket. */
  release(draft: TicketDraft): void {
    this.storage.removeItem(nameOf(draft));
  }
}

function nameOf(draft: TicketDraft): string {
  return PREFIX + JSON.stringify(TICKET_FIELDS.map((field) => draft[field] ?? null));
}
