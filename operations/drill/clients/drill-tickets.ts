import { randomUUID } from "node:crypto";
import { idempotentRequest } from "../../../functions/tickets/idempotency";
import type { TicketFields } from "../../../functions/tickets/ticket-attributes";

/** Name of the caller of a request without a token, as in the API. */
const CALLER = "anonymous";
/**
 * Maximum time from the start of a request to its execution, in milliseconds. A client sends its last attempt within 10 s, and an
 * HTTP API waits up to 30 s for its integration
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html).
 */
const IN_FLIGHT_MS = 40_000;

/** A request that creates a ticket. */
export interface CreateRequest {
  readonly body: { readonly subject: string; readonly description: string };
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Tickets of one drill. The id of a ticket is derived from the idempotency key of its create request, so it is known before the
 * request is sent, even if no response arrives.
 */
export class DrillTickets {
  /** Subject of every ticket of the drill. */
  readonly subject: string;
  /** Time of the request by id: milliseconds since 1970. */
  private readonly sent = new Map<string, number>();

  constructor(
    startedAt: number,
    private readonly now: () => number = Date.now,
  ) {
    this.subject = `Drill ${new Date(startedAt).toISOString()}`;
  }

  /** Returns a create request, to be sent at once, and records its id. */
  newRequest(description: string): CreateRequest {
    const key = randomUUID();
    const body = { subject: this.subject, description };
    this.sent.set(idempotentRequest(key, CALLER, body as TicketFields).id, this.now());
    return { body, headers: { "idempotency-key": key } };
  }

  /** Records the id in a region's response. It differs from the derived id when the API knows the caller. */
  add(id: string): void {
    if (!this.sent.has(id)) this.sent.set(id, this.now());
  }

  /** Ids of the tickets that the drill has created or tried to create. */
  get ids(): readonly string[] {
    return [...this.sent.keys()];
  }

  /** Whether a region can still execute the request that creates a ticket. */
  isInFlight(id: string): boolean {
    return this.now() - (this.sent.get(id) ?? -Infinity) < IN_FLIGHT_MS;
  }
}
