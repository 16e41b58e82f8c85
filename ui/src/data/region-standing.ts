import type { Fault } from "./errors";
import type { RegionalApi } from "./api-types";

/** How a region met the last request to it. */
export type LastResult = "up" | Fault;

/** How the regions stand, as the page sees them. */
export interface RegionalState {
  /** The region that is used while it answers: the one the page came from, later the one that the failover name names. */
  readonly preferred: RegionalApi;
  /** The region that serves: it is asked first. */
  readonly current: RegionalApi;
  /**
   * Whether `current` is more than an assumption: the failover name was asked, if there is one, and so was a region. Until then
   * nothing is to be said about which region serves.
   */
  readonly located: boolean;
  /** Whether no region answered the last request. */
  readonly offline: boolean;
  /** By AWS code. A region that was not asked yet is absent. */
  readonly lastResults: Readonly<Record<string, LastResult>>;
}
