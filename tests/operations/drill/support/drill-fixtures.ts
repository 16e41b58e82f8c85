import type { Findings } from "../../../../operations/drill/report/figures";
import type { MachineSample } from "../../../../operations/drill/machine";
import type {
  AcknowledgedWrite,
  Change,
  Observations,
  Phase,
  Sample,
  StoredRoutingEvent,
} from "../../../../operations/drill/observations";
import { type DrillReport, reportOf } from "../../../../operations/drill/report/report";
import type { Scenario } from "../../../../operations/drill/scenario";
import { SCENARIOS } from "../../../../operations/drill/scenarios";

/** Start of every drill in these tests: milliseconds since 1970. */
const START = Date.UTC(2025, 10, 23, 12);

/** Time in seconds after the start, as milliseconds since 1970. */
export function at(seconds: number): number {
  return START + seconds * 1000;
}

/** A sample; by default a read of 10 ms that Ireland answered. */
export function sample(client: Sample["client"], seconds: number, more: Partial<Sample> = {}): Sample {
  const answered = { kind: "read", milliseconds: 10, ok: true, region: "ireland", result: "200" } as const;
  return { client, at: at(seconds), ...answered, ...more };
}

/** Result of a failed request. */
const FAILED = { ok: false, region: undefined, result: "ECONNREFUSED" } as const;

/** One request per second: `i` answered by Ireland, `s` by Singapore, `x` failed. */
export function requests(client: Sample["client"], letters: string, from = 0): Sample[] {
  return [...letters].map((letter, index) =>
    sample(
      client,
      from + index,
      letter === "x" ? FAILED : { region: letter === "s" ? "singapore" : "ireland" },
    ),
  );
}

/** A change of a subject. */
export function change(seconds: number, subject: string, value: string): Change {
  return { at: at(seconds), subject, value };
}

/** A phase of the drill. */
export function phase(seconds: number, kind: Phase["kind"], text: string = kind): Phase {
  return { at: at(seconds), kind, text };
}

/** A change of the takeover stored in Singapore's table. */
export function stored(seconds: number, what: StoredRoutingEvent["what"]): StoredRoutingEvent {
  return { what, at: at(seconds), by: "operator test" };
}

/** Samples of the machine, one per second; idle by default. */
export function machine(from: number, to: number, more: Partial<MachineSample> = {}): MachineSample[] {
  const idle = { loopDelayMs: 2, cpuPercent: 20, ownCpuPercent: 5, probeMs: 4 };
  return Array.from({ length: to - from }, (_, index) => ({ ...idle, at: at(from + index + 1), ...more }));
}

/** A write that Ireland acknowledged at a time in seconds after the start. */
export function acknowledged(seconds: number): AcknowledgedWrite {
  return {
    id: `ticket-${seconds}`,
    kind: "create",
    version: `version-${seconds}`,
    at: at(seconds),
    region: "ireland",
  };
}

/** Findings without lost or late writes and without a takeover. */
export const FINDINGS: Findings = {
  acknowledged: 10,
  lost: [],
  conflicts: 0,
  arrivals: [],
  late: [],
  failback: { needed: false, done: false, refusals: 0, text: "" },
};

/** Report of a drill of one minute on the local cloud, in real time by default. */
export function reported(
  observations: Partial<Observations>,
  options: {
    readonly findings?: Partial<Findings>;
    readonly scenario?: Scenario;
    readonly speed?: number;
  } = {},
): DrillReport {
  const { findings, scenario = SCENARIOS[0], speed = 1 } = options;
  const system = {
    stack: "ireland",
    environment: "the local cloud",
    speed,
    primary: { name: "ireland", code: "eu-west-1", api: "http://127.0.0.1:1" },
    secondary: { name: "singapore", code: "ap-southeast-1", api: "http://127.0.0.1:2" },
  };
  const seen = { samples: [], changes: [], phases: [], routing: [], machine: [], ...observations };
  const finished = { system, scenario, seed: 7, startedAt: START, endedAt: at(60), observations: seen };
  return reportOf(finished, { ...FINDINGS, ...findings });
}
