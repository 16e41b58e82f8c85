import type { ReplicationMetrics } from "../metrics";
import type { RegionState } from "../regions";
import type { TimelineEvent } from "./timeline";

/** A region as the console shows it. */
export interface ConsoleRegion {
  readonly name: string;
  readonly code: string;
  readonly state: RegionState;
  readonly role: "primary" | "secondary";
  readonly api: string;
  readonly ui: string;
  readonly dynamodb: string;
  readonly table: string;
  /** Live tickets in the region's table; undefined when the region does not answer. */
  readonly tickets: number | undefined;
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
}

/** A Route 53 health check. */
export interface ConsoleHealthCheck {
  readonly name: string;
  readonly target: string;
  readonly healthy: boolean;
  readonly lastResult: string;
}

/** Everything that the console shows; `GET /state` gives it. */
export interface ConsoleState {
  readonly stack: string;
  readonly domain: string | undefined;
  readonly speed: number;
  readonly regions: readonly ConsoleRegion[];
  readonly names: readonly ConsoleName[];
  readonly healthChecks: readonly ConsoleHealthCheck[];
  readonly replication: readonly ConsoleReplication[];
  readonly events: readonly TimelineEvent[];
  /** Where an ordinary browser finds the failover names; empty without a domain. */
  readonly frontDoor: Readonly<Record<string, string>>;
}
