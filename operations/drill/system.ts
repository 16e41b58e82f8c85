import type { RegionState } from "../../local/aws/region-state";
import type { DrillMark } from "./drill-mark";
import type { LookUp } from "./name-client";
import type { Change, StoredRoutingEvent } from "./observations";

import type { VersionsIn } from "./replication-watch";

/** State of a ticket in a region's table. A ticket that the table does not hold has none. */
export type TicketState = "live" | "deleted";

/** Reads the states of tickets in a region's table, consistently. Rejects when the region does not respond. */
export type StatesIn = (region: string, ids: readonly string[]) => Promise<ReadonlyMap<string, TicketState>>;

/** A region of the system that is drilled. */
export interface DrillRegion {
  /** Nickname. */
  readonly name: string;
  /** AWS code. */
  readonly code: string;
  /** URL of its own API, no slash at the end. */
  readonly api: string;
}

/** How an operator's command ended. */
export interface CommandOutcome {
  /** 0 when it did what it was to do. */
  readonly code: number;
  /** What it wrote. */
  readonly text: string;
}

/** What is drilled, and the ways to break and mend it. */
export interface DrillSystem {
  readonly stack: string;
  /** `the local cloud` or `AWS`. */
  readonly environment: string;
  /** By how much the local cloud divides its times; 1 is real time. */
  readonly speed: number;
  /** How long the primary must have been well before service returns, in minutes of real time. */
  readonly failbackMinutes: number;
  readonly primary: DrillRegion;
  readonly secondary: DrillRegion;
  /** `https://api.<domain>`, with a port on the local cloud. */
  readonly failoverUrl: string;
  /** PEM of the authority to trust; the system's authorities without it. */
  readonly ca?: string;
  readonly lookUp: LookUp;
  /** The nickname of the region that DNS leads clients to now; undefined when nobody tells. */
  readonly dnsAnswer: () => Promise<string | undefined>;
  readonly mark: DrillMark;
  readonly versionsIn: VersionsIn;
  readonly statesIn: StatesIn;
  /** Changes of the secondary's takeover that its table stores, since a moment; times by the drill's clock. */
  readonly routingEvents: (since: number) => Promise<readonly StoredRoutingEvent[]>;
  /** Verdicts of Route 53's checks since a moment, where they are recorded. */
  readonly checkChanges?: (since: number) => Promise<readonly Change[]>;
  /** A request whose duration shows how busy the machine under test is; absent where there is none. */
  readonly probeMachine?: () => Promise<unknown>;
  /** How many conflicts are recorded for these tickets, in a region. */
  readonly conflictsOf: (region: string, ids: readonly string[]) => Promise<number>;
  /** Finds what it takes to put regions into these states, before anything begins. @throws CommandError when that is missing. */
  prepare?(states: readonly RegionState[]): Promise<void>;
  /** @throws CommandError when the state cannot be taken back here. */
  setState(region: string, state: RegionState): Promise<void>;
  takeOver(reason: string): Promise<CommandOutcome>;
  failBack(): Promise<CommandOutcome>;
  /** Ends connections and whatever was started for the drill. Does nothing the second time. */
  close(): Promise<void>;
}
