import type { Observations } from "../observations";
import type { Scenario } from "../scenario";
import type { DrillSystem } from "../systems/drill-system";
import { evaluate, type ExpectationResult, type VerdictName } from "./expectations";
import { type DrillFigures, drillFigures, type Findings } from "./figures";

/** Report of a drill: the content of the JSON file of `--report`, and the source of the other formats. */
export interface DrillReport {
  /** Version of this structure. */
  readonly format: 2;
  readonly scenario: Pick<Scenario, "name" | "title">;
  readonly seed: number;
  readonly environment: {
    readonly stack: string;
    readonly where: string;
    readonly speed: number;
    /** Statement of which parts are real and which are emulated. */
    readonly honesty: string;
    readonly primary: string;
    readonly secondary: string;
    readonly node: string;
  };
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly figures: DrillFigures;
  readonly expectations: readonly ExpectationResult[];
  /** Worst verdict of all expectations. */
  readonly verdict: VerdictName;
  readonly observations: Observations;
}

/** A drill that has ended. */
interface FinishedDrill {
  readonly system: Pick<DrillSystem, "stack" | "environment" | "speed" | "primary" | "secondary">;
  readonly scenario: Scenario;
  readonly seed: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly observations: Observations;
}

/** Creates the report of a drill. */
export function reportOf(drill: FinishedDrill, findings: Findings): DrillReport {
  const { system, scenario, seed, observations, startedAt } = drill;
  const figures = drillFigures(observations, findings);
  const [primary, secondary] = [system.primary.name, system.secondary.name];
  const evidence = { figures, observations, primary, secondary, speed: system.speed, startedAt };
  const expectations = scenario.expects.map((expected) => evaluate(expected, evidence));
  return {
    format: 2,
    scenario: { name: scenario.name, title: scenario.title },
    seed,
    environment: {
      stack: system.stack,
      where: system.environment,
      speed: system.speed,
      honesty: emulationText(system),
      primary,
      secondary,
      node: process.version,
    },
    startedAt: new Date(drill.startedAt).toISOString(),
    endedAt: new Date(drill.endedAt).toISOString(),
    figures,
    expectations,
    verdict: overallVerdict(expectations),
    observations,
  };
}

function overallVerdict(expectations: readonly ExpectationResult[]): VerdictName {
  const verdicts = expectations.map(({ verdict }) => verdict);
  if (verdicts.includes("not met")) return "not met";
  return verdicts.includes("inconclusive") ? "inconclusive" : "met";
}

function emulationText({ environment, speed }: FinishedDrill["system"]): string {
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
