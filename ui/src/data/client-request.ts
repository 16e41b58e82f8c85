import type { RegionalRequest, RegionResponse } from "./region-request";

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
