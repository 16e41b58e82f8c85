import { faultAt } from "./measure";
import { type Change, DNS, type Observations } from "./observations";
import { endpointCheckOf, takeoverCheckOf } from "./route53-checks";

/** What is judged of DNS and the takeover. */
export interface RoutingEvidence {
  readonly observations: Observations;
  /** Region aliases. */
  readonly primary: string;
  readonly secondary: string;
  readonly speed: number;
  /** Start of the drill: milliseconds since 1970. */
  readonly startedAt: number;
}

/** A change of DNS's answer, as the timeline shows it. */
export interface DnsMove extends Change {
  /** The answer before; undefined for the first one. */
  readonly from: string | undefined;
  /** Why no expectation counts it; undefined when it counts. */
  readonly leftOut?: string;
}

/** Above real time DNS's whole seconds and the machine's own pace weigh more: so many seconds are allowed for them. */
export const ALLOWANCE_SECONDS = 5;
/** Three checks, ten seconds apart: how long ago a region can have been unhealthy of which DNS tells now. */
const CHECKS_SECONDS = 30;

/** How far before a move its cause is looked for, in milliseconds. */
export function lookBackMs(speed: number): number {
  return (CHECKS_SECONDS / speed + ALLOWANCE_SECONDS) * 1000;
}

/**
 * Every change of DNS's answer that the timeline shows, each with the reason why it does not count. Route 53 answers the
 * primary while the secondary is unhealthy too: that is right, no gate can prevent it, and it ends with a move back.
 */
export function dnsMoves(evidence: RoutingEvidence): readonly DnsMove[] {
  const { observations, primary, secondary } = evidence;
  const fault = faultAt(observations.phases) ?? -Infinity;
  const answers = observations.changes.filter(({ subject }) => subject === DNS);
  let isAside = false;
  return answers.map((change, index): DnsMove => {
    const from = answers[index - 1]?.value;
    if (change.at < fault) return { ...change, from, leftOut: "before the fault" };
    if (change.value === primary && from !== undefined) {
      const why = unhealthyBefore(evidence, secondary, change.at);
      isAside = why !== undefined;
      return { ...change, from, ...(why !== undefined && { leftOut: why }) };
    }
    const endsAside = isAside;
    isAside = false;
    if (endsAside) return { ...change, from, leftOut: `${secondary} was healthy again` };
    return { ...change, from };
  });
}

/** Moves away from the primary that count. */
export function departures(evidence: RoutingEvidence): readonly DnsMove[] {
  return dnsMoves(evidence).filter(
    ({ from, value, leftOut }) =>
      leftOut === undefined && from === evidence.primary && value !== evidence.primary,
  );
}

/** What was left out, in words for the figure; empty when nothing was. */
export function leftOutText(evidence: RoutingEvidence): string {
  const moves = dnsMoves(evidence).filter(({ from, leftOut }) => leftOut !== undefined && from !== undefined);
  if (moves.length === 0) return "";
  const texts = moves.map(
    ({ at, value, leftOut }) => `to ${value} at ${offset(evidence, at)} (${leftOut as string})`,
  );
  return `; left out: ${texts.join(", ")}`;
}

/** How a region was unhealthy shortly before a moment, by the drill's own requests or Route 53's recorded verdict. */
function unhealthyBefore(evidence: RoutingEvidence, region: string, at: number): string | undefined {
  for (const subject of [endpointCheckOf(region), `health of ${region}`]) {
    const found = standingBefore(evidence, subject, at, (value) => value !== "healthy");
    if (found) return `${region} was unhealthy at ${offset(evidence, found.at)}: ${found.value}`;
  }
  return undefined;
}

/**
 * A health check that got no answer in time from a region that was not broken, shortly before a moment: Route 53 then
 * moves DNS for a reason of the machine. Undefined when there was none.
 */
export function timeoutBefore(evidence: RoutingEvidence, at: number): string | undefined {
  const { primary, secondary } = evidence;
  const isSilent = (value: string): boolean => !["healthy", "taken over", "not taken over"].includes(value);
  for (const region of [primary, secondary])
    for (const subject of [takeoverCheckOf(region), endpointCheckOf(region), `health of ${region}`]) {
      const found = standingBefore(evidence, subject, at, isSilent);
      if (found && !isBroken(evidence, region, found.at))
        return `${subject} at ${offset(evidence, found.at)}: ${found.value}`;
    }
  return undefined;
}

/** The last value that stood at some time within the look-back. */
function standingBefore(
  { observations, speed }: RoutingEvidence,
  subject: string,
  at: number,
  isWanted: (value: string) => boolean,
): Change | undefined {
  const from = at - lookBackMs(speed);
  const changes = observations.changes.filter((change) => change.subject === subject);
  return changes.findLast(
    (change, index) =>
      isWanted(change.value) && change.at <= at && (changes[index + 1]?.at ?? Infinity) >= from,
  );
}

/** Whether the drill had broken a region then, or had just mended it. */
function isBroken({ observations, speed }: RoutingEvidence, region: string, at: number): boolean {
  const last = observations.phases.findLast(
    ({ kind, at: when, text }) =>
      (kind === "fault" || kind === "mend") && when <= at && text.startsWith(`${region} is `),
  );
  if (!last) return false;
  return last.kind === "fault" || at - last.at <= lookBackMs(speed);
}

/** Seconds since the drill's start, as the timeline shows them. */
function offset({ startedAt }: Pick<RoutingEvidence, "startedAt">, at: number): string {
  return `${(Math.round((at - startedAt) / 100) / 10).toFixed(1)} s`;
}
