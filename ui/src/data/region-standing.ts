import type { RegionalApi } from "./region-request";

/** How the regions stand, as the page sees them. */
export interface RegionalState {
  /** The region that is used while it answers: the one the page came from, later the one that the failover name names. */
  readonly preferred: RegionalApi;
  /** The region that is asked first. */
  readonly current: RegionalApi;
  /** AWS code of the region that answered last; undefined before the first answer. */
  readonly servedBy?: string;
  /** Whether no region answered the last request. */
  readonly offline: boolean;
  /** By AWS code: whether a region answered when it was asked last. A region that was not asked yet is absent. */
  readonly answered: Readonly<Record<string, boolean>>;
}
