import { randomUUID } from "node:crypto";
import { idempotentRequest } from "../../functions/tickets/idempotency";
import type { TicketFields } from "../../functions/tickets/ticket-attributes";

/** The caller of a request without a token, as the API names it. */
const CALLER = "anonymous";
/**
 * How long after its start a request can still be executed, in milliseconds: an HTTP API waits up to 30 s for its integration
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html), and a client sends its last attempt
 * within 10 s.
 */
const IN_FLIGHT_MS = 40_000;

/** A request that creates a ticket. */
export interface CreateRequest {
  readonly body: { readonly subject: string; readonly description: string };
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The tickets of one drill. Each create request has an idempotency key, from which the ticket's id follows: so the id is
 * known before the request is sent, also when no answer ever arrives.
 */
export class DrillTickets {
  /** The subject of every ticket of the drill. */
  readonly subject: string;
  /** Ids, with the time of the request: milliseconds since 1970. */
  private readonly sent = new Map<string, number>();

  constructor(
    startedAt: number,
    private readonly now: () => number = Date.now,
  ) {
    this.subject = `Drill ${new Date(startedAt).toISOString()}`;
  }

  /** A create request that is recorded already: to be sent at once. */
  newRequest(description: string): CreateRequest {
    const key = randomUUID();
    const body = { subject: this.subject, description };
    this.sent.set(idempotentRequest(key, CALLER, body as TicketFields).id, this.now());
    return { body, headers: { "idempotency-key": key } };
  }

  /** Records the id that a region answered with. It differs from the computed one when the API knows the caller. */
  add(id: string): void {
    if (!this.sent.has(id)) this.sent.set(id, this.now());
  }

  /** Every ticket that the drill has created or has tried to create. */
  get ids(): readonly string[] {
    return [...this.sent.keys()];
  }

  /** Whether the request that creates a ticket can still be executed somewhere. */
  isInFlight(id: string): boolean {
    return this.now() - (this.sent.get(id) ?? -Infinity) < IN_FLIGHT_MS;
  }
}
