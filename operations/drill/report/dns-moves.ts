import {
  type Change,
  DNS,
  endpointCheckOf,
  healthOf,
  type Observations,
  takeoverCheckOf,
} from "../observations";
import { faultAt } from "./figures";

/** Input for findings on DNS and the takeover. */
export interface RoutingEvidence {
  readonly observations: Observations;
  /** Region aliases. */
  readonly primary: string;
  readonly secondary: string;
  readonly speed: number;
  /** Start of the drill: milliseconds since 1970. */
  readonly startedAt: number;
}

/** A change of the DNS answer, as the timeline shows it. */
export interface DnsMove extends Change {
  /** Previous answer; undefined for the first one. */
  readonly from: string | undefined;
  /** Reason why expectations do not count it; undefined when they do. */
  readonly leftOut?: string;
}

/** Addition to time limits at a speed above 1, in seconds: DNS TTLs are whole seconds, and the machine has its own pace. */
export const ALLOWANCE_SECONDS = 5;
/** Three health checks, ten seconds apart: the longest delay between a failure and the change of DNS, in seconds. */
const CHECKS_SECONDS = 30;

/** Time before a move in which its cause can lie, in milliseconds. */
export function lookBackMs(speed: number): number {
  return (CHECKS_SECONDS / speed + ALLOWANCE_SECONDS) * 1000;
}

/**
 * Every change of the DNS answer, with the reason if expectations do not count it. While both regions are unhealthy Route 53
 * answers with the primary. That is correct and no gate can prevent it, so that move and the move back do not count.
 */
export function dnsMoves(evidence: RoutingEvidence): readonly DnsMove[] {
  const { observations, primary, secondary } = evidence;
  const fault = faultAt(observations.phases) ?? -Infinity;
  const answers = observations.changes.filter(({ subject }) => subject === DNS);
  let isDetour = false;
  return answers.map((change, index): DnsMove => {
    const from = answers[index - 1]?.value;
    if (change.at < fault) return { ...change, from, leftOut: "before the fault" };
    if (change.value === primary && from !== undefined) {
      const why = unhealthyBefore(evidence, secondary, change.at);
      isDetour = why !== undefined;
      return { ...change, from, ...(why !== undefined && { leftOut: why }) };
    }
    const endsDetour = isDetour;
    isDetour = false;
    if (endsDetour) return { ...change, from, leftOut: `${secondary} was healthy again` };
    return { ...change, from };
  });
}

/** Counted moves away from the primary. */
export function departures(evidence: RoutingEvidence): readonly DnsMove[] {
  return dnsMoves(evidence).filter(
    ({ from, value, leftOut }) =>
      leftOut === undefined && from === evidence.primary && value !== evidence.primary,
  );
}

/** Addition to a figure that lists the moves that do not count; empty when there are none. */
export function leftOutText(evidence: RoutingEvidence): string {
  const moves = dnsMoves(evidence).filter(({ from, leftOut }) => leftOut !== undefined && from !== undefined);
  if (moves.length === 0) return "";
  const texts = moves.map(
    ({ at, value, leftOut }) => `to ${value} at ${offset(evidence, at)} (${leftOut as string})`,
  );
  return `; left out: ${texts.join(", ")}`;
}

/** Describes how a region was unhealthy shortly before a time, by Route 53's recorded check or the drill's own requests. */
function unhealthyBefore(evidence: RoutingEvidence, region: string, at: number): string | undefined {
  for (const subject of [endpointCheckOf(region), healthOf(region)]) {
    const found = valueBefore(evidence, subject, at, (value) => value !== "healthy");
    if (found) return `${region} was unhealthy at ${offset(evidence, found.at)}: ${found.value}`;
  }
  return undefined;
}

/**
 * Describes a health check that timed out in an unbroken region shortly before a time. Route 53 then moves DNS because of the
 * machine. Undefined when there was none.
 */
export function timeoutBefore(evidence: RoutingEvidence, at: number): string | undefined {
  const { primary, secondary } = evidence;
  const isSilent = (value: string): boolean => !["healthy", "taken over", "not taken over"].includes(value);
  for (const region of [primary, secondary])
    for (const subject of [takeoverCheckOf(region), endpointCheckOf(region), healthOf(region)]) {
      const found = valueBefore(evidence, subject, at, isSilent);
      if (found && !isBroken(evidence, region, found.at))
        return `${subject} at ${offset(evidence, found.at)}: ${found.value}`;
    }
  return undefined;
}

/** Last matching value that was current at some time in the window before a time. */
function valueBefore(
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

/** Whether the drill had broken a region at that time, or had just repaired it. */
function isBroken({ observations, speed }: RoutingEvidence, region: string, at: number): boolean {
  const last = observations.phases.findLast(
    ({ kind, at: when, text }) =>
      (kind === "fault" || kind === "mend") && when <= at && text.startsWith(`${region} is `),
  );
  if (!last) return false;
  return last.kind === "fault" || at - last.at <= lookBackMs(speed);
}

/** Seconds since the start of the drill, as the timeline shows them. */
function offset({ startedAt }: Pick<RoutingEvidence, "startedAt">, at: number): string {
  return `${(Math.round((at - startedAt) / 100) / 10).toFixed(1)} s`;
}
