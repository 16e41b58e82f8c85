import type { RegionalApi } from "./api-types";
import type { Fault } from "./errors";

/** Result of the last request to a region. */
export type LastResult = "up" | Fault;

/** State of the regions, as the web UI sees it. */
export interface RegionalState {
  /** Region that is used while it responds: first the one that the web UI was loaded from, then the one that serves according to the regions' routing states. */
  readonly preferred: RegionalApi;
  /** Region that serves. It gets each request first. */
  readonly current: RegionalApi;
  /**
   * Whether the serving region is known: the routing states, if there are any, were asked for, and a region was contacted. Until then
   * the web UI does not name a region.
   */
  readonly located: boolean;
  /** Whether no region responded to the last request. */
  readonly offline: boolean;
  /** Results by AWS region code. A region that was not contacted yet is absent. */
  readonly lastResults: Readonly<Record<string, LastResult>>;
}
