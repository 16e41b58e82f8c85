import { judge } from "../../../../operations/drill/expectations";
import type { MachineSample } from "../../../../operations/drill/machine";
import type {
  AcknowledgedWrite,
  Change,
  Observations,
  Phase,
  Sample,
  StoredRoutingEvent,
} from "../../../../operations/drill/observations";
import { type DrillReport, type Findings, reportOf } from "../../../../operations/drill/report";
import type { ClientName, Scenario } from "../../../../operations/drill/scenario";
import { regionDown } from "../../../../operations/drill/scenarios/region-down";

/** The beginning of every drill here: milliseconds since 1970. */
const START = Date.UTC(2025, 10, 23, 12);

/** A moment so many seconds after the start. */
export function at(seconds: number): number {
  return START + seconds * 1000;
}

/** One sample, by default a read of 10 ms that Ireland answered. */
export function sample(client: ClientName, seconds: number, more: Partial<Sample> = {}): Sample {
  const answered = { kind: "read", milliseconds: 10, ok: true, region: "ireland", result: "200" } as const;
  return { client, at: at(seconds), ...answered, ...more };
}

/** What a failed request is like. */
const FAILED = { ok: false, region: undefined, result: "ECONNREFUSED" } as const;

/** One request of a client every second: each letter is Ireland, Singapore or `x` for none. */
export function requests(client: ClientName, letters: string, from = 0): Sample[] {
  return [...letters].map((letter, index) =>
    sample(
      client,
      from + index,
      letter === "x" ? FAILED : { region: letter === "s" ? "singapore" : "ireland" },
    ),
  );
}

/** What a subject became, and when. */
export function change(seconds: number, subject: string, value: string): Change {
  return { at: at(seconds), subject, value };
}

/** What the drill did, and when. */
export function phase(seconds: number, kind: Phase["kind"], text: string = kind): Phase {
  return { at: at(seconds), kind, text };
}

/** A change of the takeover that Singapore's table stores. */
export function stored(seconds: number, what: StoredRoutingEvent["what"]): StoredRoutingEvent {
  return { what, at: at(seconds), by: "operator test" };
}

/** Seconds of the machine, idle unless said otherwise; each ends a second after the one before. */
export function machine(from: number, to: number, more: Partial<MachineSample> = {}): MachineSample[] {
  const idle = { loopDelayMs: 2, cpuPercent: 20, ownCpuPercent: 5, probeMs: 4 };
  return Array.from({ length: to - from }, (_, index) => ({ ...idle, at: at(from + index + 1), ...more }));
}

/** A write that Ireland acknowledged so many seconds after the start. */
export function acknowledged(seconds: number): AcknowledgedWrite {
  return {
    id: `ticket-${seconds}`,
    kind: "create",
    version: `version-${seconds}`,
    at: at(seconds),
    region: "ireland",
  };
}

/** Nothing lost, nothing late, no takeover. */
export const FINDINGS: Findings = {
  acknowledged: 10,
  lost: [],
  conflicts: 0,
  arrivals: [],
  late: [],
  failback: { needed: false, done: false, refusals: 0, text: "" },
};

/** The report of a drill on the local cloud at real speed that lasted a minute. */
export function reported(
  observations: Partial<Observations>,
  options: {
    readonly findings?: Partial<Findings>;
    readonly scenario?: Scenario;
    readonly speed?: number;
  } = {},
): DrillReport {
  const { findings, scenario = regionDown, speed = 1 } = options;
  const system = {
    stack: "ireland",
    environment: "the local cloud",
    speed,
    primary: { name: "ireland", code: "eu-west-1", api: "http://127.0.0.1:1" },
    secondary: { name: "singapore", code: "ap-southeast-1", api: "http://127.0.0.1:2" },
  };
  const seen = { samples: [], changes: [], phases: [], routing: [], machine: [], ...observations };
  const finished = { system, scenario, seed: 7, startedAt: START, endedAt: at(60), observations: seen };
  return reportOf(finished, { ...FINDINGS, ...findings }, judge);
}
