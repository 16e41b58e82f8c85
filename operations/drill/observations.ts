import type { RoutingChange } from "../../functions/routing/routing-item";
import type { MachineSample } from "./machine";
import type { ClientName, KeepAliveClientName } from "./scenario";

/** One request of a client. */
export interface Sample {
  readonly client: ClientName | KeepAliveClientName;
  readonly kind: "read" | "create" | "edit";
  /** Start: milliseconds since 1970. */
  readonly at: number;
  readonly milliseconds: number;
  readonly ok: boolean;
  /** Alias of the region that answered. */
  readonly region?: string;
  /** HTTP status, or the reason why there was no response. */
  readonly result: string;
}

/** A new value of an observed subject. */
export interface Change {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `DNS`, `takeover`, `health of <alias>` or a health check of Route 53. */
  readonly subject: string;
  /** A region alias, `yes` or `no`, `healthy` or the reason why not. */
  readonly value: string;
}

/** A change of the takeover as stored in the secondary's table. */
export interface StoredRoutingEvent {
  readonly what: RoutingChange;
  /** Milliseconds since 1970 by the drill's clock. The writer takes this time just before the write. */
  readonly at: number;
  readonly by: string;
}

/** An action of the drill. */
export interface Phase {
  readonly at: number;
  readonly text: string;
  /** Measurement starts at the first `fault` or `takeover`, and ends at `failback`. */
  readonly kind: "traffic" | "fault" | "mend" | "takeover" | "failback" | "wait" | "end";
}

/** A write that a region acknowledged. */
export interface AcknowledgedWrite {
  readonly id: string;
  readonly kind: "create" | "edit";
  /** Version in the region's response. */
  readonly version: string;
  /** Time of the response: milliseconds since 1970. */
  readonly at: number;
  /** Alias of the region that acknowledged it. */
  readonly region: string;
}

/** An acknowledged write that was read in the other region. */
export interface Arrival {
  readonly write: AcknowledgedWrite;
  /** Time from the acknowledgement to the read, in milliseconds. The interval of the reads limits its accuracy. */
  readonly lagMs: number;
}

/** Acknowledged writes compared with both tables at the end. */
export interface Verification {
  readonly acknowledged: number;
  /** Writes of which a region has neither the acknowledged version nor a later one. */
  readonly lost: readonly AcknowledgedWrite[];
  /** Conflicts recorded for the drill's tickets. */
  readonly conflicts: number;
}

/** Return of service to the primary. */
export interface FailbackOutcome {
  /** Whether the secondary had taken over. */
  readonly needed: boolean;
  readonly done: boolean;
  /** Time from the last repair to the failback; absent without a failback. */
  readonly seconds?: number;
  /** Attempts that a gate refused. */
  readonly refusals: number;
  /** Output of the last attempt. */
  readonly text: string;
}

/** Observations of a drill, each list in order of time. */
export interface Observations {
  readonly samples: readonly Sample[];
  readonly changes: readonly Change[];
  readonly phases: readonly Phase[];
  /** Changes of the takeover since the start, in the order in which they were stored. */
  readonly routing: readonly StoredRoutingEvent[];
  readonly machine: readonly MachineSample[];
}

/** Subject of the region that DNS answers with. */
export const DNS = "DNS";
/** Subject of the takeover that the secondary reports. */
export const TAKEOVER = "takeover";
/** Subject of a region's health as its API reports it. */
export const healthOf = (region: string): string => `health of ${region}`;
/** Subject of Route 53's check of a region's endpoint. */
export const endpointCheckOf = (region: string): string => `Route 53 check of ${region}`;
/** Subject of Route 53's check of a region's takeover. */
export const takeoverCheckOf = (region: string): string => `Route 53 check of ${region}'s takeover`;
