import type { RoutingEvent } from "../../functions/routing/routing-item";
import type { ProbeResult } from "../../functions/sentinel/health-probe";

/** Something that was asked for, or why it is not known. */
export type Known<T> = { readonly value: T } | { readonly problem: string };

/** Whether a region has taken over. */
interface TakeoverState {
  readonly takeover: boolean;
  /** Of the last change; absent before the first, as the next two. */
  readonly by?: string;
  readonly at?: string;
  readonly reason?: string;
}

/** A region as it is now. */
export interface RegionReport {
  /** Nickname. */
  readonly name: string;
  /** AWS code. */
  readonly code: string;
  /** Undefined when nobody says which region is the primary. */
  readonly role: "primary" | "secondary" | undefined;
  readonly health: ProbeResult;
  readonly takeover: Known<TakeoverState>;
  /** What its sentinel sees of the other region; undefined when none has ever looked. */
  readonly sentinel: Known<SentinelReport | undefined>;
}

/** What a sentinel sees of the region that it watches. */
export interface SentinelReport {
  /** How long ago it looked, in seconds. */
  readonly lookedSecondsAgo: number;
  readonly healthySeconds?: number;
  readonly failingSeconds?: number;
}

/** One direction of replication as it is now. */
export interface DirectionReport {
  /** Nicknames. */
  readonly from: string;
  readonly to: string;
  /** By how many seconds the newest heartbeat that arrived is behind the newest one that was written; 0 when it is the same. */
  readonly behindSeconds: Known<number>;
  /** How long ago the newest heartbeat was written, in seconds by the source's clock: what is not written cannot be behind. */
  readonly heartbeatSecondsAgo: Known<number>;
  /** Messages in quarantine. */
  readonly quarantined: Known<number>;
  /** Objects in the on-failure bucket, up to a thousand. */
  readonly failures: Known<number>;
}

/** What Route 53 finds of an endpoint. */
export interface CheckReport {
  readonly name: string;
  readonly healthy: boolean;
  /** What that says in words: of a takeover's check unhealthy is that the region has taken over. */
  readonly means: string;
  readonly lastResult: string;
}

/** What DNS answers for a name. */
interface NameReport {
  readonly name: string;
  /** Empty when no answer came. */
  readonly addresses: readonly string[];
}

/** Everything that `npm run status` tells. */
export interface StatusReport {
  readonly stack: string;
  /** ISO 8601. */
  readonly at: string;
  /** By how much the local cloud divides its times; 1 on AWS. */
  readonly speed: number;
  /** Absent without a domain, as the next three. */
  readonly domain?: string;
  /** Undefined where the stack does not tell. */
  readonly failback?: "gated" | "automatic";
  /** Nickname of the region that DNS leads clients to; undefined when no answer came. */
  readonly serving?: string;
  readonly names: readonly NameReport[];
  readonly regions: readonly RegionReport[];
  readonly replication: readonly DirectionReport[];
  /** Route 53's verdicts; absent when they were not asked for: on AWS only its control plane tells them. */
  readonly checks?: Known<readonly CheckReport[]>;
  /** The last changes of routing in either region, the newest first. */
  readonly events: readonly (RoutingEvent & { readonly region: string })[];
}
