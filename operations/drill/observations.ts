import type { RoutingChange } from "../../functions/routing/routing-item";
import type { MachineSample } from "./machine";
import type { ClientName } from "./scenario";

/** One request of a client. */
export interface Sample {
  readonly client: ClientName;
  readonly kind: "read" | "create" | "edit";
  /** When it began: milliseconds since 1970. */
  readonly at: number;
  readonly milliseconds: number;
  readonly ok: boolean;
  /** Nickname of the region that answered last. */
  readonly region?: string;
  /** The status, or why there was none. */
  readonly result: string;
}

/** Something watched took another value. */
export interface Change {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `DNS`, `takeover`, or `health of <nickname>`. */
  readonly subject: string;
  /** A nickname, `yes` or `no`, `healthy` or what is wrong. */
  readonly value: string;
}

/** A change of the takeover, as the secondary's table stores it. */
export interface StoredRoutingEvent {
  readonly what: RoutingChange;
  /** When it was written, by the drill's clock: milliseconds since 1970. The maker notes it just before the write. */
  readonly at: number;
  readonly by: string;
}

/** What the drill did. */
export interface Phase {
  readonly at: number;
  readonly text: string;
  /** `fault` and `takeover` begin what is measured; `failback` ends it. */
  readonly kind: "traffic" | "fault" | "mend" | "takeover" | "failback" | "wait" | "end";
}

/** A write that was acknowledged. */
export interface AcknowledgedWrite {
  readonly id: string;
  readonly kind: "create" | "edit";
  /** The version that the region answered with. */
  readonly version: string;
  /** When the answer came: milliseconds since 1970. */
  readonly at: number;
  /** Nickname of the region that took it. */
  readonly region: string;
}

/** Everything that was seen of a drill, in the order of time. */
export interface Observations {
  readonly samples: readonly Sample[];
  readonly changes: readonly Change[];
  readonly phases: readonly Phase[];
  /** Changes of the takeover since the start, in the order in which they were stored. */
  readonly routing: readonly StoredRoutingEvent[];
  readonly machine: readonly MachineSample[];
}

/** The subject of DNS's answer. */
export const DNS = "DNS";
/** The subject of the secondary's own word on whether it has taken over. */
export const TAKEOVER = "takeover";
