import type { RegionState } from "../../../local/aws/region-state";
import type { LookUp } from "../clients/dns-client";
import type { Change, StoredRoutingEvent } from "../observations";
import type { DrillLock } from "./drill-lock";

/** Reads the versions of tickets in a region's table. Rejects when the region does not respond. */
export type VersionsIn = (region: string, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** State of a ticket in a region's table. A ticket that the table does not hold has none. */
export type TicketState = "live" | "deleted";

/** Reads the states of tickets in a region's table, consistently. Rejects when the region does not respond. */
export type StatesIn = (region: string, ids: readonly string[]) => Promise<ReadonlyMap<string, TicketState>>;

/** A region of the system under test. */
export interface DrillRegion {
  /** Region alias. */
  readonly name: string;
  /** AWS region code. */
  readonly code: string;
  /** URL of the regional API, without a trailing slash. */
  readonly api: string;
}

/** Outcome of an operator command. */
export interface CommandOutcome {
  /** Exit code; 0 on success. */
  readonly code: number;
  /** Output. */
  readonly text: string;
}

/** The system under test, with the operations to observe, break and repair it. */
export interface DrillSystem {
  readonly stack: string;
  /** `the local cloud` or `AWS`. */
  readonly environment: string;
  /** Divisor of the times of the local cloud; 1 is real time. */
  readonly speed: number;
  /** Minutes of real time that the primary must have been healthy before failback. */
  readonly failbackMinutes: number;
  readonly primary: DrillRegion;
  readonly secondary: DrillRegion;
  /** `https://api.<domain>`, with a port on the local cloud. */
  readonly failoverUrl: string;
  /** Certificate authority in PEM; the system's authorities by default. */
  readonly ca?: string;
  readonly lookUp: LookUp;
  /** Alias of the region that DNS answers with; undefined without an answer. */
  readonly dnsAnswer: () => Promise<string | undefined>;
  readonly lock: DrillLock;
  readonly versionsIn: VersionsIn;
  readonly statesIn: StatesIn;
  /** Changes of the takeover stored in the secondary's table since a time, by the drill's clock. */
  readonly routingEvents: (since: number) => Promise<readonly StoredRoutingEvent[]>;
  /** Changes of Route 53's health checks since a time; absent where they are not recorded. */
  readonly checkChanges?: (since: number) => Promise<readonly Change[]>;
  /** A request whose duration shows the load of the machine under test; absent on AWS. */
  readonly probeMachine?: () => Promise<unknown>;
  /** Counts the conflicts of tickets recorded in a region. */
  readonly conflictsOf: (region: string, ids: readonly string[]) => Promise<number>;
  /** Checks before the drill that regions can be put into these states. @throws CommandError when they cannot. */
  prepare?(states: readonly RegionState[]): Promise<void>;
  /** Puts a region into a state. @throws CommandError when this system does not support the state. */
  setState(region: string, state: RegionState): Promise<void>;
  takeOver(reason: string): Promise<CommandOutcome>;
  failBack(): Promise<CommandOutcome>;
  /** Closes connections and stops what was started for the drill. Idempotent. */
  close(): Promise<void>;
}
