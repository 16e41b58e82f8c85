import type { RoutingEvent } from "../../functions/routing/routing-item";
import type { Probe } from "../../functions/sentinel/probe";

/** Something that was asked for, or why it is not known. */
export type Known<T> = { readonly value: T } | { readonly problem: string };

/** Whether a region has taken over. */
export interface TakeoverState {
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
  readonly health: Probe;
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
  readonly lastResult: string;
}

/** What DNS answers for a name. */
export interface NameReport {
  readonly name: string;
  /** Empty when no answer came. */
  readonly addresses: readonly string[];
}

/** Everything that `npm run status` tells. */
export interface StatusReport {
  readonly stack: string;
  /** ISO 8601. */
  readonly at: string;
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

/** What needs somebody's attention, a sentence each. */
export function concernsOf(report: StatusReport): string[] {
  return [
    ...report.regions.flatMap((region) => [...ofRegion(region), ...ofSentinel(region, report)]),
    ...report.replication.flatMap(ofDirection),
    ...ofServing(report),
    ...(report.checks && "problem" in report.checks
      ? [`What Route 53's checks find is not known: ${report.checks.problem}.`]
      : []),
  ];
}

/** Where DNS leads, and whether that is what the takeover says. */
function ofServing({ domain, serving, regions }: StatusReport): string[] {
  if (domain === undefined) return [];
  if (serving === undefined) return ["DNS does not say which region serves."];
  const secondary = regions.find(({ role }) => role === "secondary");
  if (!secondary || "problem" in secondary.takeover) return [];
  const { name, takeover } = secondary;
  if (serving === name && !takeover.value.takeover)
    return [
      `${name} serves, but has not taken over: Route 53 moves the clients back by itself, caught up or not. To make it last: npm run takeover.`,
    ];
  if (serving !== name && takeover.value.takeover)
    return [
      `${name} has taken over, but DNS leads to ${serving}: Route 53 has not seen it yet, ${name} is not well, or a flood keeps the checkers away from its /routing.`,
    ];
  return [];
}

/** A sentinel looks every ten seconds at least, and its schedule starts it each minute. */
const SILENT_SECONDS = 150;

function ofSentinel({ name, role, sentinel }: RegionReport, { failback }: StatusReport): string[] {
  if (failback === "automatic") return [];
  // Where its table does not answer, that is said of the takeover already.
  if (role !== "secondary" || "problem" in sentinel) return [];
  const ago = sentinel.value?.lookedSecondsAgo;
  if (ago === undefined)
    return [`The sentinel of ${name} has never looked at the other region: nobody takes over by itself.`];
  if (ago < SILENT_SECONDS) return [];
  return [`The sentinel of ${name} looked ${ago} s ago for the last time: nobody takes over by itself.`];
}

function ofRegion({ name, role, health, takeover }: RegionReport): string[] {
  const concerns: string[] = [];
  if (!health.ok) concerns.push(`${name} is not well: ${health.reason}.`);
  if ("problem" in takeover)
    concerns.push(`Whether ${name} has taken over is not known: ${takeover.problem}.`);
  else if (takeover.value.takeover)
    concerns.push(
      role === "primary"
        ? `${name} is the primary, but a takeover is left in it from earlier; npm run failback ends it.`
        : `${name} has taken over; npm run failback returns service.`,
    );
  return concerns;
}

/** A heartbeat comes each minute, and two may be on their way when one is late. */
const LATE_SECONDS = 120;

function ofDirection(report: DirectionReport): string[] {
  const { from, to, behindSeconds, heartbeatSecondsAgo, quarantined, failures } = report;
  const direction = `${from} to ${to}`;
  const concerns: string[] = [];
  if ("problem" in behindSeconds)
    concerns.push(`How far ${direction} is behind is not known: ${behindSeconds.problem}.`);
  else if (behindSeconds.value >= LATE_SECONDS) concerns.push(`Replication from ${direction} is behind.`);
  if ("value" in heartbeatSecondsAgo && heartbeatSecondsAgo.value >= LATE_SECONDS)
    concerns.push(
      `${from} wrote its last heartbeat ${heartbeatSecondsAgo.value} s ago: whether ${direction} is in step is not known.`,
    );
  if ("problem" in quarantined)
    concerns.push(`What ${direction} has in quarantine is not known: ${quarantined.problem}.`);
  else if (quarantined.value > 0)
    concerns.push(`${quarantined.value} records from ${direction} are in quarantine; npm run redrive.`);
  if ("problem" in failures)
    concerns.push(`What ${direction} stored as failures is not known: ${failures.problem}.`);
  else if (failures.value > 0)
    concerns.push(`${failures.value} failures from ${direction} are stored; npm run redrive.`);
  return concerns;
}
