import { dnsAfterFault, faultAt, seconds } from "./measure";
import { type Change, type Observations, TAKEOVER } from "./observations";

/** What is judged of DNS and the takeover. */
export interface RoutingEvidence {
  readonly observations: Observations;
  /** Nicknames. */
  readonly primary: string;
  readonly secondary: string;
  readonly speed: number;
}

/** Whether something was as expected, and by what figure. */
export interface Verdict {
  readonly met: boolean;
  readonly figure: string;
}

/** Above real time DNS's whole seconds and the machine's own pace weigh more: so many seconds are allowed for them. */
export const ALLOWANCE_SECONDS = 5;
/** Three checks, ten seconds apart: how long ago a region can have been unwell of which DNS tells now. */
const CHECKS_SECONDS = 30;
/** The observer looks twice a second, and a failback says that it is done only after its one write. */
const SEEN_BEFORE_TOLD_MS = 5000;

/**
 * DNS's answers from the fault on, without those of the primary that Route 53 gives because neither region is well: they
 * are right, and no gate can keep them away.
 */
function deliberateAnswers({ observations, primary, secondary, speed }: RoutingEvidence): Change[] {
  const lookBackMs = (CHECKS_SECONDS / speed + ALLOWANCE_SECONDS) * 1000;
  const health = observations.changes.filter(({ subject }) => subject === `health of ${secondary}`);
  const wasUnwell = (at: number): boolean =>
    health.some(
      (change, index) =>
        change.value !== "healthy" &&
        change.at <= at &&
        (health[index + 1]?.at ?? Infinity) >= at - lookBackMs,
    );
  const answers = dnsAfterFault(observations).filter(
    ({ at, value }, index) => index === 0 || value !== primary || !wasUnwell(at),
  );
  return answers.filter(({ value }, index) => value !== answers[index - 1]?.value);
}

/** How often DNS left the primary after the fault. */
export function moves(evidence: RoutingEvidence): number {
  const { primary } = evidence;
  const answers = deliberateAnswers(evidence).map(({ value }) => value);
  return answers.filter((value, index) => index > 0 && answers[index - 1] === primary && value !== primary)
    .length;
}

export function dnsStays({ observations, secondary }: RoutingEvidence): Verdict {
  const fault = faultAt(observations.phases) ?? 0;
  const byHand = observations.phases.find(({ kind }) => kind === "takeover")?.at ?? Infinity;
  const left = dnsAfterFault(observations).find(
    ({ at, value }) => value === secondary && at >= fault && at < byHand,
  );
  if (!left) return { met: true, figure: "it stayed" };
  return { met: false, figure: `it left after ${seconds(left.at - fault)} s` };
}

/** The secondary said that it had taken over. */
export function takenOver({ observations, secondary }: RoutingEvidence): Verdict {
  const taken = takeoverSeen(observations);
  const fault = faultAt(observations.phases);
  if (!taken) return { met: false, figure: `${secondary} never did` };
  return { met: true, figure: fault === undefined ? "it did" : `after ${seconds(taken.at - fault)} s` };
}

/** Whether the secondary ever said that it had taken over, and when first. */
export function takeoverSeen({ changes }: Pick<Observations, "changes">): Change | undefined {
  return changes.find(({ subject, value }) => subject === TAKEOVER && value === "yes");
}

/**
 * DNS does not leave the secondary again before a failback. Where nobody took over nothing holds it, and a takeover that
 * ends without a failback has held nothing.
 */
export function gated(evidence: RoutingEvidence): Verdict {
  const { observations, primary, secondary } = evidence;
  const { changes, phases } = observations;
  const answers = deliberateAnswers(evidence);
  const moved = answers.findIndex(({ value }) => value !== primary);
  const back = moved < 0 ? undefined : answers.slice(moved).find(({ value }) => value === primary);
  const taken = takeoverSeen(observations);
  if (!taken && moved < 0) return { met: true, figure: "DNS never left, so nothing was to be held" };
  if (!taken) return { met: false, figure: `DNS left, and ${secondary} did not take over` };
  const failback = phases.find(({ kind, at }) => kind === "failback" && at > taken.at)?.at ?? Infinity;
  const cleared = changes.find(
    ({ subject, value, at }) => subject === TAKEOVER && value === "no" && at > taken.at,
  );
  if (cleared && failback - cleared.at > SEEN_BEFORE_TOLD_MS)
    return {
      met: false,
      figure: `the takeover ended ${seconds(cleared.at - taken.at)} s after it began, without a failback`,
    };
  const until = Math.min(failback, cleared?.at ?? Infinity);
  if (!back || back.at >= until) return { met: true, figure: "it waited for the failback" };
  return { met: false, figure: `it went back ${seconds(until - back.at)} s too early` };
}
