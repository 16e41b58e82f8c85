import type { RegionalApi } from "./api-types";
import type { Clock } from "./browser";
import type { Fetch, RegionalRequest, RegionResponse } from "./region-request";

/** Request to whichever region responds. */
export interface ClientRequest extends RegionalRequest {
  /**
   * Returns whether a response is conclusive; all are by default. After an inconclusive response, such as a 404 of a region to
   * which the ticket may not be replicated yet, the request goes to the other region.
   */
  readonly isConclusive?: (response: RegionResponse) => boolean;
}

/** Response, and whether it is conclusive. */
export interface ClientResponse extends RegionResponse {
  readonly conclusive: boolean;
  /** Whether a region that did not respond may have applied the write. */
  readonly uncertain: boolean;
  /** Whether every region responded with this status. */
  readonly unanimous: boolean;
}

/** Options of a client. Times are in milliseconds. */
export interface RegionalClientOptions {
  readonly apis: readonly RegionalApi[];
  /** AWS code of the initially preferred region; one of `apis`. */
  readonly preferred: string;
  /** Whether the regions have routing states, which is so with a domain; false by default. */
  readonly hasRouting?: boolean;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Returns a number from 0 to 1 for the jitter of waits; `Math.random` by default. */
  readonly random?: () => number;
  /** Time without a response after which a read goes to the other region too; 1,000 by default. */
  readonly hedgeAfterMs?: number;
  /** Timeout of a request; 4,000 by default, which is longer than a cold start. */
  readonly timeoutMs?: number;
}
