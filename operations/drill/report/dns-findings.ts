import type { Period } from "../machine";
import { type Change, type Observations, TAKEOVER } from "../observations";
import {
  departures,
  dnsMoves,
  leftOutText,
  lookBackMs,
  type RoutingEvidence,
  timeoutBefore,
} from "./dns-moves";
import { faultAt, seconds } from "./figures";

/** Outcome of an expectation and the figure that shows it. */
export interface Finding {
  readonly met: boolean;
  readonly figure: string;
  /**
   * Periods in which a time limit was missed. A machine that was overloaded in all of them makes the outcome inconclusive.
   * Absent for a fact, which does not depend on the machine.
   */
  readonly periods?: readonly Period[];
}

/** Tolerated difference between the clocks of two operators' machines, in milliseconds. */
const CLOCKS_MS = 5000;

/** Finding: DNS leaves the primary at most this many times. */
export function movesAtMost(evidence: RoutingEvidence, times: number): Finding {
  const counted = departures(evidence);
  const figure = `${timesText(counted.length)}${leftOutText(evidence)}`;
  if (counted.length <= times) return { met: true, figure };
  return { met: false, ...explained(evidence, figure, counted.slice(times)) };
}

/** Finding: DNS moves to the secondary. */
export function dnsMovesAway(evidence: RoutingEvidence): Finding {
  const { length } = departures(evidence);
  return { met: length > 0, figure: `${timesText(length)}${leftOutText(evidence)}` };
}

/** Finding: DNS does not leave the primary before the operator takes over. */
export function dnsStays(evidence: RoutingEvidence): Finding {
  const { observations } = evidence;
  const fault = faultAt(observations.phases) ?? 0;
  const takeover = observations.phases.find(({ kind }) => kind === "takeover")?.at ?? Infinity;
  const left = departures(evidence).find(({ at }) => at < takeover);
  if (!left) return { met: true, figure: `it stayed${leftOutText(evidence)}` };
  return { met: false, ...explained(evidence, `it left after ${seconds(left.at - fault)} s`, [left]) };
}

/** Finding: the secondary reported a takeover. */
export function takenOver({ observations }: RoutingEvidence): Finding {
  const taken = takeoverSeen(observations);
  const fault = faultAt(observations.phases);
  if (!taken) return { met: false, figure: "never" };
  return { met: true, figure: fault === undefined ? "yes" : `after ${seconds(taken.at - fault)} s` };
}

/** First report of a takeover by the secondary, if any. */
export function takeoverSeen({ changes }: Pick<Observations, "changes">): Change | undefined {
  return changes.find(({ subject, value }) => subject === TAKEOVER && value === "yes");
}

/**
 * Finding: DNS does not leave the secondary before the write that ends the takeover, by the time stored with that write.
 * Not met when the takeover ends without such a write, or when DNS moves without a takeover.
 */
export function gated(evidence: RoutingEvidence): Finding {
  const { observations, primary, secondary } = evidence;
  const { changes, routing } = observations;
  const counted = dnsMoves(evidence).filter((move) => move.leftOut === undefined);
  const moved = departures(evidence).at(0);
  const taken = takeoverSeen(observations);
  const leftOut = leftOutText(evidence);
  if (!taken && !moved) return { met: true, figure: `DNS never left, so no failback was needed${leftOut}` };
  if (!taken) return { met: false, figure: `DNS left, and ${secondary} did not take over${leftOut}` };
  const ended = routing.find(({ what, at }) => what !== "takeover" && at > taken.at);
  const cleared = changes.find(
    ({ subject, value, at }) => subject === TAKEOVER && value === "no" && at > taken.at,
  );
  if (cleared && (ended === undefined || ended.at - cleared.at > CLOCKS_MS))
    return {
      met: false,
      figure: `the takeover ended ${seconds(cleared.at - taken.at)} s after it began, without a failback`,
    };
  const until = ended?.at ?? Infinity;
  const back = moved && counted.find(({ at, value }) => at > moved.at && value === primary);
  if (!back || back.at >= until) return { met: true, figure: `it waited for the failback${leftOut}` };
  const early = Number.isFinite(until) ? `${seconds(until - back.at)} s too early` : "without a failback";
  return { met: false, ...explained(evidence, `it went back ${early}${leftOut}`, [back]) };
}

/** Adds the cause to a figure. Moves that all follow a health check's timeout in an unbroken region depend on time; others are facts. */
function explained(
  evidence: RoutingEvidence,
  figure: string,
  moves: readonly Change[],
): Pick<Finding, "figure" | "periods"> {
  const causes = moves.map(({ at }) => timeoutBefore(evidence, at));
  if (causes.some((cause) => cause === undefined)) return { figure };
  const window = lookBackMs(evidence.speed);
  return {
    figure: `${figure}; ${[...new Set(causes)].join(", ")}`,
    periods: moves.map(({ at }) => ({ from: at - window, to: at })),
  };
}

/** Formats a count in words. */
export function timesText(count: number): string {
  if (count === 0) return "never";
  return count === 1 ? "once" : `${count} times`;
}
