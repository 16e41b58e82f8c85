import type { ReplicationMetrics } from "./metrics";
import type { RegionState } from "../aws/regions";
import type { CheckMeaning } from "./check-meaning";
import type { TimelineEvent } from "./timeline";

/** A region as the console shows it. */
export interface ConsoleRegion {
  readonly name: string;
  readonly code: string;
  readonly state: RegionState;
  readonly role: "primary" | "secondary";
  readonly api: string;
  /** The region's own website; absent with a domain. */
  readonly ui: string | undefined;
  readonly dynamodb: string;
  readonly table: string;
  /** Live tickets in the region's table; undefined when the region does not answer. */
  readonly tickets: number | undefined;
  /** Whether it has taken over, by its own routing item; undefined when the region does not answer or the item is not readable. */
  readonly takenOver: boolean | undefined;
}

/** One direction of replication as the console shows it. */
export interface ConsoleReplication extends ReplicationMetrics {
  /** Nicknames. */
  readonly from: string;
  readonly to: string;
  /** Records handed to the replication function and taken by it. */
  readonly delivered: number;
  readonly failedBatches: number;
  /** Age of the oldest record that waits, in milliseconds; 0 when nothing waits. */
  readonly lagMs: number;
  /** Messages in the quarantine queue. */
  readonly quarantined: number;
  /** Objects in the on-failure bucket. */
  readonly onFailure: number;
  readonly lastError: string | undefined;
}

/** What DNS answers now for a name. */
export interface ConsoleName {
  readonly name: string;
  /** An address with its region, or `no answer`. */
  readonly answer: string;
  readonly region: string | undefined;
  /** Whether it is CloudFront's address, which is in no region. */
  readonly isEdge: boolean;
}

/** A Route 53 health check. */
export interface ConsoleHealthCheck extends CheckMeaning {
  readonly name: string;
  readonly target: string;
  readonly healthy: boolean;
  readonly lastResult: string;
}

/** Everything that the console shows; `GET /state` gives it. */
export interface ConsoleState {
  /** When this was so, in milliseconds since 1970. */
  readonly at: number;
  readonly stack: string;
  readonly domain: string | undefined;
  readonly speed: number;
  readonly regions: readonly ConsoleRegion[];
  readonly names: readonly ConsoleName[];
  readonly healthChecks: readonly ConsoleHealthCheck[];
  readonly replication: readonly ConsoleReplication[];
  readonly events: readonly TimelineEvent[];
  /** Where an ordinary browser finds the names that no single region has; empty without a domain. */
  readonly frontDoor: Readonly<Record<string, string>>;
}
