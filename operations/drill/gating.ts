import {
  departures,
  dnsMoves,
  leftOutText,
  lookBackMs,
  type RoutingEvidence,
  timeoutBefore,
} from "./dns-moves";
import type { Period } from "./machine";
import { faultAt, seconds } from "./measure";
import { type Change, type Observations, TAKEOVER } from "./observations";

/** Whether something was as expected, and by what figure. */
export interface Finding {
  readonly met: boolean;
  readonly figure: string;
  /**
   * When the times that decided against it passed. On a machine that was overloaded in all of them they say nothing. Absent
   * for a fact, which no machine excuses.
   */
  readonly periods?: readonly Period[];
}

/** Clocks of two operators' machines can differ by this much, in milliseconds. */
const CLOCKS_MS = 5000;

/** DNS leaves the primary at most so often. */
export function movesAtMost(evidence: RoutingEvidence, times: number): Finding {
  const counted = departures(evidence);
  const figure = `${timesText(counted.length)}${leftOutText(evidence)}`;
  if (counted.length <= times) return { met: true, figure };
  return { met: false, ...explained(evidence, figure, counted.slice(times)) };
}

/** DNS goes to the secondary. */
export function dnsMovesAway(evidence: RoutingEvidence): Finding {
  const { length } = departures(evidence);
  return { met: length > 0, figure: `${timesText(length)}${leftOutText(evidence)}` };
}

/** DNS does not leave before the operator takes over. */
export function dnsStays(evidence: RoutingEvidence): Finding {
  const { observations } = evidence;
  const fault = faultAt(observations.phases) ?? 0;
  const byHand = observations.phases.find(({ kind }) => kind === "takeover")?.at ?? Infinity;
  const left = departures(evidence).find(({ at }) => at < byHand);
  if (!left) return { met: true, figure: `it stayed${leftOutText(evidence)}` };
  return { met: false, ...explained(evidence, `it left after ${seconds(left.at - fault)} s`, [left]) };
}

/** The secondary said that it had taken over. */
export function takenOver({ observations }: RoutingEvidence): Finding {
  const taken = takeoverSeen(observations);
  const fault = faultAt(observations.phases);
  if (!taken) return { met: false, figure: "never" };
  return { met: true, figure: fault === undefined ? "yes" : `after ${seconds(taken.at - fault)} s` };
}

/** Whether the secondary ever said that it had taken over, and when first. */
export function takeoverSeen({ changes }: Pick<Observations, "changes">): Change | undefined {
  return changes.find(({ subject, value }) => subject === TAKEOVER && value === "yes");
}

/**
 * DNS does not leave the secondary again before the write that ends the takeover, by the time that is stored with that write.
 * A takeover that ends without one has held nothing, and where no one took over nothing holds DNS.
 */
export function gated(evidence: RoutingEvidence): Finding {
  const { observations, primary, secondary } = evidence;
  const { changes, routing } = observations;
  const counted = dnsMoves(evidence).filter(({ leftOut }) => leftOut === undefined);
  const moved = departures(evidence).at(0);
  const taken = takeoverSeen(observations);
  const aside = leftOutText(evidence);
  if (!taken && !moved) return { met: true, figure: `DNS never left, so no failback was needed${aside}` };
  if (!taken) return { met: false, figure: `DNS left, and ${secondary} did not take over${aside}` };
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
  if (!back || back.at >= until) return { met: true, figure: `it waited for the failback${aside}` };
  const early = Number.isFinite(until) ? `${seconds(until - back.at)} s too early` : "without a failback";
  return { met: false, ...explained(evidence, `it went back ${early}${aside}`, [back]) };
}

/** A move that follows a health check's timeout in a region that no one broke is a matter of time; any other is a fact. */
function explained(
  evidence: RoutingEvidence,
  figure: string,
  moves: readonly Change[],
): Pick<Finding, "figure" | "periods"> {
  const causes = moves.map(({ at }) => timeoutBefore(evidence, at));
  if (causes.some((cause) => cause === undefined)) return { figure };
  const back = lookBackMs(evidence.speed);
  return {
    figure: `${figure}; ${[...new Set(causes)].join(", ")}`,
    periods: moves.map(({ at }) => ({ from: at - back, to: at })),
  };
}

/** A count in words. */
export function timesText(count: number): string {
  if (count === 0) return "never";
  return count === 1 ? "once" : `${count} times`;
}
