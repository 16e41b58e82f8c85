import { overloadIn } from "../machine";
import { CLIENT_LABELS, type ClientName, type Expectation } from "../scenario";
import {
  dnsMovesAway,
  dnsStays,
  type Finding,
  gated,
  movesAtMost,
  takenOver,
  takeoverSeen,
  timesText,
} from "./dns-findings";
import { ALLOWANCE_SECONDS, type RoutingEvidence } from "./dns-moves";
import { dnsAfterFault, type DrillFigures, faultAt, seconds } from "./figures";

/** Input for the evaluation of an expectation. */
interface Evidence extends RoutingEvidence {
  readonly figures: DrillFigures;
}

/** An expectation and its outcome. */
export interface ExpectationResult {
  readonly expected: string;
  readonly verdict: VerdictName;
  readonly figure: string;
}

/** `inconclusive`: a time limit was missed on an overloaded machine, so the result says nothing about the system. */
export type VerdictName = "met" | "not met" | "inconclusive";

/**
 * Evaluates an expectation. One that depends on times is inconclusive when it was not met and the machine was overloaded in each
 * of those periods. A fact, such as a lost write, is never inconclusive.
 */
export function evaluate(expected: Expectation, evidence: Evidence): ExpectationResult {
  const { met, figure, periods = [] } = findingOf(expected, evidence);
  const result = { expected: textOf(expected, evidence), figure };
  if (met) return { ...result, verdict: "met" };
  const overloads = periods.map((period) => overloadIn(evidence.observations.machine, period));
  const [reason] = overloads;
  if (reason === undefined || overloads.includes(undefined)) return { ...result, verdict: "not met" };
  return { ...result, verdict: "inconclusive", figure: `${figure}; the machine was overloaded: ${reason}` };
}

function textOf(expected: Expectation, { primary, secondary, speed }: Evidence): string {
  switch (expected.kind) {
    case "nothing-lost":
      return "Every acknowledged write is in both regions at the end";
    case "back-within":
      return `The ${CLIENT_LABELS[expected.client]} is served again within ${limitOf(expected, speed)} s`;
    case "client-moves":
      return `The ${CLIENT_LABELS[expected.client]} is served by ${secondary} after the fault`;
    case "taken-over":
      return `${secondary} takes over`;
    case "uninterrupted":
      return `No request of the ${CLIENT_LABELS[expected.client]} fails`;
    case "dns-moves":
      return `DNS goes to ${secondary}`;
    case "dns-stays":
      return `DNS stays with ${primary} unless an operator takes over`;
    case "moves-at-most":
      return expected.times === 0
        ? `DNS never leaves ${primary}`
        : `DNS leaves ${primary} at most ${timesText(expected.times)}`;
    case "gated":
      return `When DNS leaves ${primary}, ${secondary} takes over, and DNS goes back only after the failback`;
    case "some-late":
      return `Some acknowledged writes had not reached ${secondary} when it took over`;
    case "ends-on-primary":
      return `At the end ${primary} serves`;
  }
}

function findingOf(expected: Expectation, evidence: Evidence): Finding {
  const { figures, primary, secondary } = evidence;
  switch (expected.kind) {
    case "nothing-lost":
      return {
        met: figures.lost === 0 && figures.acknowledged > 0,
        figure: `${figures.lost} of ${figures.acknowledged} lost`,
      };
    case "back-within":
      return backWithin(expected, evidence);
    case "client-moves": {
      const { movedAfterSeconds } = figures.clients[expected.client];
      if (movedAfterSeconds === undefined) return { met: false, figure: "never" };
      return { met: true, figure: `after ${movedAfterSeconds} s` };
    }
    case "taken-over":
      return takenOver(evidence);
    case "uninterrupted":
      return uninterrupted(expected.client, evidence);
    case "dns-moves":
      return dnsMovesAway(evidence);
    case "dns-stays":
      return dnsStays(evidence);
    case "moves-at-most":
      return movesAtMost(evidence, expected.times);
    case "gated":
      return gated(evidence);
    case "some-late":
      return { met: figures.lateAtTakeover > 0, figure: `${figures.lateAtTakeover} writes were missing` };
    case "ends-on-primary": {
      const last = dnsAfterFault(evidence.observations).at(-1)?.value ?? "no region";
      const isOver =
        figures.failback.done || !(figures.failback.needed || takeoverSeen(evidence.observations));
      return {
        met: last === primary && isOver,
        figure: isOver ? last : `${last}; the gates did not open, so ${secondary} continues to serve`,
      };
    }
  }
}

function backWithin(
  expected: Expectation & { kind: "back-within" },
  { figures, speed, observations }: Evidence,
): Finding {
  const { client } = expected;
  const { rtoSeconds, outage } = figures.clients[client];
  const limit = limitOf(expected, speed);
  const fault = faultAt(observations.phases) ?? -Infinity;
  if (rtoSeconds === undefined) {
    const after = observations.samples
      .filter((sample) => sample.client === client)
      .map(({ at, milliseconds }) => ({ from: at, to: at + milliseconds }))
      .filter(({ to }) => to > fault);
    const late = after.filter(({ from, to }) => to - from > limit * 1000);
    const slowest = Math.max(0, ...after.map(({ from, to }) => to - from));
    const figure = `never interrupted; its slowest request after the fault took ${seconds(slowest)} s`;
    return { met: late.length === 0, figure, periods: late };
  }
  const periods = outage && [outage];
  if (rtoSeconds === null) return { met: false, figure: "never", periods };
  return { met: rtoSeconds <= limit, figure: `${rtoSeconds} s`, periods };
}

/** Failures are a matter of time when every failed request timed out or got a 5xx status. Others are facts. */
function uninterrupted(client: ClientName, { figures, observations }: Evidence): Finding {
  const { failed, requests } = figures.clients[client];
  const failures = observations.samples.filter((sample) => sample.client === client && !sample.ok);
  const isTimeout = failures.every(({ result }) => /no response within|^5\d\d$|ETIMEDOUT/.test(result));
  const periods = failures.map(({ at, milliseconds }) => ({ from: at, to: at + milliseconds }));
  return {
    met: failed === 0 && requests > 0,
    figure: `${failed} of ${requests} failed`,
    ...(isTimeout && { periods }),
  };
}

/** Time limit in seconds. The speed divides neither the times of the web UI nor the timeouts of health checks. */
function limitOf(
  { client, seconds: divided, undividedSeconds = 0 }: Expectation & { kind: "back-within" },
  speed: number,
): number {
  if (client === "page" || speed === 1) return divided + undividedSeconds;
  return Math.round((divided / speed + undividedSeconds + ALLOWANCE_SECONDS) * 10) / 10;
}
