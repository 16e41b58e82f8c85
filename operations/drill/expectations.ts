import { dnsAfterFault, faultAt, seconds } from "./measure";
import type { DrillFigures, Judged } from "./report";
import { type Change, type Observations, TAKEOVER } from "./observations";
import type { Expectation } from "./scenario";

/** What an expectation is judged by. */
export interface Evidence {
  readonly figures: DrillFigures;
  readonly observations: Observations;
  /** Nicknames. */
  readonly primary: string;
  readonly secondary: string;
  readonly speed: number;
}

/** Above real time DNS's whole seconds and the machine's own pace weigh more: so many seconds are allowed for them. */
const ALLOWANCE_SECONDS = 5;

/** Three checks, ten seconds apart: how long ago a region can have been unwell of which DNS tells now. */
const CHECKS_SECONDS = 30;

type Verdict = Omit<Judged, "expected">;

/** Says of an expectation whether it was met, and by what figure. */
export function judge(expected: Expectation, evidence: Evidence): Judged {
  return { expected: textOf(expected, evidence), ...verdictOf(expected, evidence) };
}

function textOf(expected: Expectation, { primary, secondary, speed }: Evidence): string {
  switch (expected.kind) {
    case "nothing-lost":
      return "Every acknowledged write is in both regions at the end";
    case "back-within":
      return `The ${expected.client} is served again within ${limitOf(expected.seconds, expected.client, speed)} s`;
    case "uninterrupted":
      return `No request of the ${expected.client} fails`;
    case "dns-moves":
      return `DNS goes to ${secondary}`;
    case "dns-stays":
      return `DNS stays with ${primary} unless an operator takes over`;
    case "moves-at-most":
      return `DNS leaves ${primary} at most ${times(expected.times)}`;
    case "gated":
      return `Once ${secondary} has taken over, DNS goes back only after the failback`;
    case "some-late":
      return `Some acknowledged writes could not be in ${secondary} yet when it took over`;
    case "ends-on-primary":
      return `At the end ${primary} serves`;
  }
}

function verdictOf(expected: Expectation, evidence: Evidence): Verdict {
  const { figures, primary, secondary } = evidence;
  switch (expected.kind) {
    case "nothing-lost":
      return {
        met: figures.lost === 0 && figures.acknowledged > 0,
        figure: `${figures.lost} of ${figures.acknowledged} lost`,
      };
    case "back-within":
      return backWithin(expected, evidence);
    case "uninterrupted": {
      const { failed, requests } = figures.clients[expected.client];
      return { met: failed === 0 && requests > 0, figure: `${failed} of ${requests} failed` };
    }
    case "dns-moves":
      return { met: moves(evidence) > 0, figure: times(moves(evidence)) };
    case "dns-stays":
      return dnsStays(evidence);
    case "moves-at-most":
      return { met: moves(evidence) <= expected.times, figure: times(moves(evidence)) };
    case "gated":
      return gated(evidence);
    case "some-late":
      return { met: figures.lateAtTakeover > 0, figure: `${figures.lateAtTakeover} were not there` };
    case "ends-on-primary": {
      const last = dnsAfterFault(evidence.observations).at(-1)?.value ?? "nobody";
      const isOver = !figures.failback.needed || figures.failback.done;
      return {
        met: last === primary && isOver,
        figure: isOver ? last : `${last}; the gates did not open, so ${secondary} keeps it`,
      };
    }
  }
}

function backWithin(expected: Expectation & { kind: "back-within" }, { figures, speed }: Evidence): Verdict {
  const { rtoSeconds, slowestMilliseconds } = figures.clients[expected.client];
  const limit = limitOf(expected.seconds, expected.client, speed);
  if (rtoSeconds === undefined)
    return {
      met: slowestMilliseconds <= limit * 1000,
      figure: `never interrupted; its slowest request took ${seconds(slowestMilliseconds)} s`,
    };
  if (rtoSeconds === null) return { met: false, figure: "never" };
  return { met: rtoSeconds <= limit, figure: `${rtoSeconds} s` };
}

/** The page has its own times, which no speed divides. */
function limitOf(limit: number, client: string, speed: number): number {
  if (client === "page" || speed === 1) return limit;
  return Math.round((limit / speed + ALLOWANCE_SECONDS) * 10) / 10;
}

/**
 * DNS's answers from the fault on, without those of the primary that Route 53 gives because neither region is well: they
 * are right, and no gate can keep them away.
 */
function deliberateAnswers({ observations, primary, secondary, speed }: Evidence): Change[] {
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
function moves(evidence: Evidence): number {
  const { primary } = evidence;
  const answers = deliberateAnswers(evidence).map(({ value }) => value);
  return answers.filter((value, index) => index > 0 && answers[index - 1] === primary && value !== primary)
    .length;
}

function dnsStays({ observations, secondary }: Evidence): Verdict {
  const fault = faultAt(observations.phases) ?? 0;
  const byHand = observations.phases.find(({ kind }) => kind === "takeover")?.at ?? Infinity;
  const left = dnsAfterFault(observations).find(
    ({ at, value }) => value === secondary && at >= fault && at < byHand,
  );
  if (!left) return { met: true, figure: "it stayed" };
  return { met: false, figure: `it left after ${seconds(left.at - fault)} s` };
}

/** Without any takeover there is no gate to keep. */
function gated(evidence: Evidence): Verdict {
  const { observations, primary } = evidence;
  const { changes, phases } = observations;
  const taken = changes.find(({ subject, value }) => subject === TAKEOVER && value === "yes");
  if (!taken) return { met: true, figure: "nobody took over, so nothing was held" };
  const cleared = changes.find(
    ({ subject, value, at }) => subject === TAKEOVER && value === "no" && at > taken.at,
  );
  const until = Math.min(
    phases.find(({ kind }) => kind === "failback")?.at ?? Infinity,
    cleared?.at ?? Infinity,
  );
  const answers = deliberateAnswers(evidence);
  const moved = answers.findIndex(({ value }) => value !== primary);
  const back = moved < 0 ? undefined : answers.slice(moved).find(({ value }) => value === primary);
  if (!back || back.at >= until) return { met: true, figure: "it waited for the failback" };
  return { met: false, figure: `it went back ${seconds(until - back.at)} s too early` };
}

function times(count: number): string {
  if (count === 0) return "never";
  return count === 1 ? "once" : `${count} times`;
}
