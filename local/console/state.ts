import type { RegionState } from "../aws/regions";
import type { ReplicationMetrics } from "./replication-metrics";

/** A region as the console shows it. */
export interface ConsoleRegion {
  readonly name: string;
  readonly code: string;
  readonly state: RegionState;
  readonly role: "primary" | "secondary";
  readonly api: string;
  /** The region's own website; absent unless the websites are public. */
  readonly ui: string | undefined;
  readonly dynamodb: string;
  readonly table: string;
  /** Live tickets in the region's table; undefined when the table does not respond. */
  readonly tickets: number | undefined;
  /** Whether the region has taken over, read from its own routing item; undefined when the item cannot be read. */
  readonly takenOver: boolean | undefined;
}

/** One direction of replication as the console shows it. */
export interface ConsoleReplication extends ReplicationMetrics {
  /** Alias of the source region. */
  readonly from: string;
  /** Alias of the target region. */
  readonly to: string;
  /** Stream records that the replication function has processed successfully. */
  readonly delivered: number;
  readonly failedBatches: number;
  /** Age of the oldest pending record, in milliseconds; 0 when none is pending. */
  readonly lagMs: number;
  /** Messages in the quarantine queue. */
  readonly quarantined: number;
  /** Objects in the failure bucket. */
  readonly onFailure: number;
  readonly lastError: string | undefined;
}

/** The current DNS answer for a name. */
export interface ConsoleName {
  readonly name: string;
  /** An IPv4 address, or `no answer`. */
  readonly answer: string;
  /** Alias of the region that has the address. */
  readonly region: string | undefined;
  /** Whether the address is CloudFront's, which is in no region. */
  readonly isEdge: boolean;
}

/** The result of a health check in words. `healthy` alone misleads for an inverted check. */
export interface CheckMeaning {
  /** Subject of the check: the health of an endpoint, a takeover, or whether a region may be the primary. */
  readonly about: "health" | "takeover" | "role";
  /** The result in words, such as `taken over`. */
  readonly means: string;
}

/** A Route 53 health check as the console shows it. */
export interface ConsoleHealthCheck extends CheckMeaning {
  readonly name: string;
  readonly target: string;
  readonly healthy: boolean;
  readonly lastResult: string;
}

/** An event of the console's timeline. */
export interface TimelineEvent {
  /** Sequence number of the event in this run. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Region alias; absent for an event that concerns no single region. */
  readonly region?: string;
  readonly text: string;
}

/** A problem of the local cloud that the operator must fix, such as a program that no longer compiles. */
export interface ConsoleProblem {
  /** What happened, in one short sentence. */
  readonly title: string;
  /** The reason and the remedy, possibly in several lines. */
  readonly detail: string;
}

/** The state that the console shows, as `GET /state` returns it. */
export interface ConsoleState {
  /** Time of collection, in milliseconds since 1970. */
  readonly at: number;
  readonly stack: string;
  /** Shown as a banner until it is fixed; absent without a problem. */
  readonly problem?: ConsoleProblem;
  readonly domain: string | undefined;
  readonly speed: number;
  /** Age of the counts of messages that SQS returns, in seconds. */
  readonly queueCountLagSeconds: number;
  readonly regions: readonly ConsoleRegion[];
  readonly names: readonly ConsoleName[];
  readonly healthChecks: readonly ConsoleHealthCheck[];
  readonly replication: readonly ConsoleReplication[];
  readonly events: readonly TimelineEvent[];
  /** URLs of the local gateway by the name that each one stands for; empty with public websites. */
  readonly frontDoor: Readonly<Record<string, string>>;
}
