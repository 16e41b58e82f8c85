import type { RoutingEvidence } from "./dns-moves";
import type { FailbackOutcome } from "./fail-back";
import { type ClientFigures, clientFigures, faultAt, lagFigures, seconds } from "./measure";
import { type MachineFigures, machineFigures } from "./machine";

import type { AcknowledgedWrite, Observations, Phase } from "./observations";
import type { Arrival } from "./replication-watch";
import type { ClientName, Expectation, Scenario } from "./scenario";
import type { DrillSystem } from "./system";
import type { LookedUp } from "./verify";

/** What an expectation is judged by. */
export interface Evidence extends RoutingEvidence {
  readonly figures: DrillFigures;
}

/** An expectation and what came of it. */
export interface Judged {
  readonly expected: string;
  readonly verdict: VerdictName;
  readonly figure: string;
}

/** `inconclusive`: a time was missed while the machine was overloaded, so it says nothing of the system. */
export type VerdictName = "met" | "not met" | "inconclusive";

/** What a drill measured. */
interface DrillFigures {
  readonly clients: Readonly<Record<ClientName, ClientFigures>>;
  readonly acknowledged: number;
  /** Acknowledged writes that are not in both regions at the end: the recovery point, in writes. */
  readonly lost: number;
  /** Acknowledged writes that the secondary did not have yet when DNS first left the primary. */
  readonly lateAtTakeover: number;
  /** How many of those the secondary has at the end. */
  readonly lateArrived: number;
  /** From when a region was mended last until the secondary had the last of those; absent when none came after a mend. */
  readonly lateArrivedAfterMendSeconds?: number;
  readonly conflicts: number;
  /** Replication's lag in milliseconds, before the fault and over the whole drill. */
  readonly lag: Readonly<Record<"beforeFault" | "overall", ReturnType<typeof lagFigures>>>;
  readonly failback: FailbackOutcome;
  readonly machine: MachineFigures;
}

/** A drill's report: what `--report` writes as JSON, and what the other forms are made of. */
export interface DrillReport {
  /** Of this structure. */
  readonly format: 2;
  readonly scenario: Pick<Scenario, "name" | "title">;
  readonly seed: number;
  readonly environment: {
    readonly stack: string;
    readonly where: string;
    readonly speed: number;
    /** What is real in it and what is emulated. */
    readonly honesty: string;
    readonly primary: string;
    readonly secondary: string;
    readonly node: string;
  };
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly figures: DrillFigures;
  readonly expectations: readonly Judged[];
  /** The worst verdict of all expectations. */
  readonly verdict: VerdictName;
  readonly observations: Observations;
}

/** A drill that is over. */
export interface FinishedDrill {
  readonly system: Pick<DrillSystem, "stack" | "environment" | "speed" | "primary" | "secondary">;
  readonly scenario: Scenario;
  readonly seed: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly observations: Observations;
}

/** What was found after the traffic. */
export interface Findings extends LookedUp {
  readonly arrivals: readonly Arrival[];
  /** Acknowledged writes that the secondary did not have yet when DNS first left the primary. */
  readonly late: readonly AcknowledgedWrite[];
  readonly failback: FailbackOutcome;
}

/** Makes the report of a drill. @param judge says of an expectation whether it was met. */
export function reportOf(
  drill: FinishedDrill,
  findings: Findings,
  judge: (expected: Expectation, evidence: Evidence) => Judged,
): DrillReport {
  const { system, scenario, seed, observations } = drill;
  const figures = figuresOf(observations, findings);
  const [primary, secondary] = [system.primary.name, system.secondary.name];
  const { startedAt } = drill;
  const evidence = { figures, observations, primary, secondary, speed: system.speed, startedAt };
  const expectations = scenario.expects.map((expected) => judge(expected, evidence));
  return {
    format: 2,
    scenario: { name: scenario.name, title: scenario.title },
    seed,
    environment: {
      stack: system.stack,
      where: system.environment,
      speed: system.speed,
      honesty: honestyOf(system),
      primary,
      secondary,
      node: process.version,
    },
    startedAt: new Date(drill.startedAt).toISOString(),
    endedAt: new Date(drill.endedAt).toISOString(),
    figures,
    expectations,
    verdict: overall(expectations),
    observations,
  };
}

function overall(expectations: readonly Judged[]): VerdictName {
  const verdicts = expectations.map(({ verdict }) => verdict);
  if (verdicts.includes("not met")) return "not met";
  return verdicts.includes("inconclusive") ? "inconclusive" : "met";
}

function figuresOf(observations: Observations, findings: Findings): DrillFigures {
  const { samples, phases } = observations;
  const fault = faultAt(phases);
  const { arrivals, acknowledged, lost, conflicts, late, failback } = findings;
  return {
    clients: {
      writer: clientFigures("writer", samples, fault),
      reader: clientFigures("reader", samples, fault),
      page: clientFigures("page", samples, fault),
    },
    acknowledged,
    lost: lost.length,
    lateAtTakeover: late.length,
    lateArrived: late.filter((write) => !lost.includes(write)).length,
    ...afterMend(findings, phases),
    conflicts,
    lag: { beforeFault: lagFigures(arrivals, fault), overall: lagFigures(arrivals) },
    failback,
    machine: machineFigures(observations.machine),
  };
}

function afterMend(
  { arrivals, late }: Findings,
  phases: readonly Phase[],
): Pick<DrillFigures, "lateArrivedAfterMendSeconds"> {
  const times = arrivals
    .filter(({ write }) => late.includes(write))
    .map(({ write, lagMs }) => write.at + lagMs);
  const last = Math.max(...times);
  const mended = phases.findLast(({ kind, at }) => kind === "mend" && at <= last);
  return mended ? { lateArrivedAfterMendSeconds: seconds(last - mended.at) } : {};
}

function honestyOf({ environment, speed }: FinishedDrill["system"]): string {
  if (environment === "AWS")
    return "Everything ran on AWS. The drill used reversible faults only: a takeover, paused replication.";
  const pace =
    speed === 1
      ? "Health checks, TTLs and schedules ran in real time."
      : `Health checks, TTLs, schedules and the sentinel's times were divided by ${speed} (TTLs: at least one second), so the times here are not those of AWS.`;
  return (
    "The program, its functions, DNS, TLS, health probing and the failover rule are real; AWS's services are emulated on one " +
    `machine, where both regions share the processors without a network between them. ${pace}`
  );
}
