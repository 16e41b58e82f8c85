import type { RoutingEvent } from "../../functions/routing/routing-item";
import type { ProbeResult } from "../../functions/sentinel/health-probe";

/** A value, or the reason why it is unknown. */
export type Known<T> = { readonly value: T } | { readonly problem: string };

/** Whether a region has taken over. */
interface TakeoverState {
  readonly takeover: boolean;
  /** Author of the last change; absent before the first change, like the next two. */
  readonly by?: string;
  readonly at?: string;
  readonly reason?: string;
}

/** Current state of a region. */
export interface RegionReport {
  /** Region alias. */
  readonly name: string;
  /** AWS region code. */
  readonly code: string;
  /** Undefined when the primary is unknown. */
  readonly role: "primary" | "secondary" | undefined;
  readonly health: ProbeResult;
  readonly takeover: Known<TakeoverState>;
  /** State of its sentinel; undefined before the first probe. */
  readonly sentinel: Known<SentinelReport | undefined>;
}

/** The other region's health as the sentinel sees it. */
export interface SentinelReport {
  /** Seconds since the last probe. */
  readonly lookedSecondsAgo: number;
  readonly healthySeconds?: number;
  readonly failingSeconds?: number;
}

/** Current state of one direction of replication. */
export interface DirectionReport {
  /** Region aliases. */
  readonly from: string;
  readonly to: string;
  /** Seconds between the newest heartbeat that arrived and the newest one that was written, for its item that is furthest behind; 0 without a lag. */
  readonly behindSeconds: Known<number>;
  /** Seconds since the newest heartbeat was written, by the source's clock. Without new heartbeats the lag is unknown. */
  readonly heartbeatSecondsAgo: Known<number>;
  /**
   * Seconds that the oldest record of all shards of the stream waits for replication; absent when it was not requested. On AWS only
   * control planes and CloudWatch return it.
   */
  readonly iteratorAgeSeconds?: Known<number>;
  /** Messages in quarantine. */
  readonly quarantined: Known<number>;
  /** Objects in the failure bucket, up to 1000. */
  readonly failures: Known<number>;
}

/** Status of a Route 53 health check. */
export interface CheckReport {
  readonly name: string;
  readonly healthy: boolean;
  /** Meaning of the status: an unhealthy takeover check means that the region has taken over. */
  readonly means: string;
  readonly lastResult: string;
}

/** DNS answer for a name. */
interface NameReport {
  readonly name: string;
  /** Empty without an answer. */
  readonly addresses: readonly string[];
}

/** Report of `npm run status`. */
export interface StatusReport {
  readonly stack: string;
  /** ISO 8601. */
  readonly at: string;
  /** Divisor of the times of the local cloud; 1 on AWS. */
  readonly speed: number;
  /** Age that the number of messages in quarantine can have, in seconds. */
  readonly countLagSeconds: number;
  /** Absent without a domain, like the next two. */
  readonly domain?: string;
  /** Undefined when the stack outputs do not contain it. */
  readonly failback?: "gated" | "automatic";
  /** Alias of the region that DNS answers with; undefined without an answer. */
  readonly serving?: string;
  readonly names: readonly NameReport[];
  readonly regions: readonly RegionReport[];
  readonly replication: readonly DirectionReport[];
  /** Route 53 health checks; absent when they were not requested. On AWS only the control plane returns them. */
  readonly checks?: Known<readonly CheckReport[]>;
  /** Latest changes of routing in both regions, newest first. */
  readonly events: readonly (RoutingEvent & { readonly region: string })[];
}
