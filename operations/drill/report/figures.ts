import { type MachineFigures, machineFigures, type Period } from "../machine";
import {
  type AcknowledgedWrite,
  type Arrival,
  type Change,
  DNS,
  type FailbackOutcome,
  type Observations,
  type Phase,
  type Sample,
  type Verification,
} from "../observations";
import type { ClientName, KeepAliveClientName } from "../scenario";

/** Figures of a client. Seconds are real time. */
export interface ClientFigures {
  readonly requests: number;
  readonly failed: number;
  /** Longest interruption after the fault, until steady service; absent when no request failed, null when service did not return. */
  readonly rtoSeconds?: number | null;
  /** That interruption: milliseconds since 1970. Its end is null in JSON when service did not return. */
  readonly outage?: Period;
  /** Time from the fault to the first answer of another region than before; absent when there was none. */
  readonly movedAfterSeconds?: number;
  /** Total time from a failed request to the next successful one. */
  readonly unavailableSeconds: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  /** Longest duration of a request, failed ones included: the longest wait of a user. */
  readonly slowestMilliseconds: number;
}

/** Figures of replication lag, in milliseconds. */
interface LagFigures {
  readonly writes: number;
  readonly p50: number;
  readonly p99: number;
}

/** Figures of a drill. */
export interface DrillFigures {
  readonly clients: Readonly<Record<ClientName, ClientFigures>>;
  /** Clients of the failover name that keep their connections open. No expectation depends on them. */
  readonly keepAliveClients: Readonly<Record<KeepAliveClientName, ClientFigures>>;
  readonly acknowledged: number;
  /** Acknowledged writes that are not in both regions at the end: the RPO in writes. */
  readonly lost: number;
  /** Acknowledged writes that the secondary lacked when DNS first left the primary. */
  readonly lateAtTakeover: number;
  /** Those of them that the secondary has at the end. */
  readonly lateArrived: number;
  /** Time from the last repair to the arrival of the last of them; absent when none arrived after a repair. */
  readonly lateArrivedAfterMendSeconds?: number;
  readonly conflicts: number;
  /** Replication lag before the fault and over the whole drill. */
  readonly lag: Readonly<Record<"beforeFault" | "overall", LagFigures>>;
  readonly failback: FailbackOutcome;
  readonly machine: MachineFigures;
}

/** Findings after the end of the traffic. */
export interface Findings extends Verification {
  readonly arrivals: readonly Arrival[];
  /** Acknowledged writes that the secondary lacked when DNS first left the primary. */
  readonly late: readonly AcknowledgedWrite[];
  readonly failback: FailbackOutcome;
}

/** Successful requests in a row that count as steady service. */
const STEADY = 3;

/** Computes the figures of a drill. */
export function drillFigures(observations: Observations, findings: Findings): DrillFigures {
  const { samples, phases } = observations;
  const fault = faultAt(phases);
  const { arrivals, acknowledged, lost, conflicts, late, failback } = findings;
  return {
    clients: {
      writer: clientFigures("writer", samples, fault),
      reader: clientFigures("reader", samples, fault),
      page: clientFigures("page", samples, fault),
    },
    keepAliveClients: {
      keepAlive: clientFigures("keepAlive", samples, fault),
      keepAliveWithRules: clientFigures("keepAliveWithRules", samples, fault),
    },
    acknowledged,
    lost: lost.length,
    lateAtTakeover: late.length,
    lateArrived: late.filter((write) => !lost.includes(write)).length,
    ...lateAfterRepair(findings, phases),
    conflicts,
    lag: { beforeFault: lagFigures(arrivals, fault), overall: lagFigures(arrivals) },
    failback,
    machine: machineFigures(observations.machine),
  };
}

function lateAfterRepair(
  { arrivals, late }: Findings,
  phases: readonly Phase[],
): Pick<DrillFigures, "lateArrivedAfterMendSeconds"> {
  const times = arrivals
    .filter(({ write }) => late.includes(write))
    .map(({ write, lagMs }) => write.at + lagMs);
  const last = Math.max(...times);
  const repaired = phases.findLast(({ kind, at }) => kind === "mend" && at <= last);
  return repaired ? { lateArrivedAfterMendSeconds: seconds(last - repaired.at) } : {};
}

/** Time of the first fault or the operator's first takeover: milliseconds since 1970. */
export function faultAt(phases: readonly Phase[]): number | undefined {
  return phases.find(({ kind }) => kind === "fault" || kind === "takeover")?.at;
}

/** Computes the figures of a client. @param fault time of the fault; undefined when there was none. */
export function clientFigures(
  client: Sample["client"],
  all: readonly Sample[],
  fault: number | undefined,
): ClientFigures {
  const samples = all.filter((sample) => sample.client === client);
  const times = samples.filter(({ ok }) => ok).map(({ milliseconds }) => milliseconds);
  const after = fault === undefined ? [] : samples.filter(({ at }) => at >= fault);
  return {
    requests: samples.length,
    failed: samples.filter(({ ok }) => !ok).length,
    ...(fault !== undefined && recovery(after, fault)),
    ...(fault !== undefined && movement(samples, fault)),
    unavailableSeconds: unavailable(samples),
    p50Milliseconds: percentile(times, 50),
    p99Milliseconds: percentile(times, 99),
    slowestMilliseconds: Math.max(0, ...samples.map(({ milliseconds }) => milliseconds)),
  };
}

/** An outage lasts from the last successful answer, or the fault, to the first answer of steady service. */
function recovery(after: readonly Sample[], fault: number): Pick<ClientFigures, "rtoSeconds" | "outage"> {
  let outage: Period | undefined;
  let lastGood = fault;
  let since: number | undefined;
  for (const [index, { ok, at, milliseconds }] of after.entries()) {
    if (!ok) since ??= Math.min(lastGood, at);
    else if (since === undefined) lastGood = Math.max(lastGood, at + milliseconds);
    else if (isSteady(after.slice(index, index + STEADY))) {
      const ended = at + milliseconds;
      if (!outage || ended - since > outage.to - outage.from) outage = { from: since, to: ended };
      lastGood = at + milliseconds;
      since = undefined;
    }
  }
  if (since !== undefined) return { rtoSeconds: null, outage: { from: since, to: Infinity } };
  return outage === undefined ? {} : { rtoSeconds: seconds(outage.to - outage.from), outage };
}

function isSteady(samples: readonly Sample[]): boolean {
  return samples.length === STEADY && samples.every(({ ok }) => ok);
}

function movement(samples: readonly Sample[], fault: number): Pick<ClientFigures, "movedAfterSeconds"> {
  // A request in flight at the fault that the other region answered has moved because of the fault.
  const isOver = ({ at, milliseconds }: Sample): boolean => at + milliseconds <= fault;
  const before = samples.findLast((sample) => isOver(sample) && sample.ok && sample.region)?.region;
  const moved = samples.find(
    (sample) => !isOver(sample) && sample.ok && sample.region && sample.region !== before,
  );
  return moved ? { movedAfterSeconds: seconds(moved.at + moved.milliseconds - fault) } : {};
}

/** Total time from each first failure to the end of the next successful request, or of the last request. */
function unavailable(samples: readonly Sample[]): number {
  let total = 0;
  let since: number | undefined;
  for (const { ok, at, milliseconds } of samples) {
    if (!ok) since ??= at;
    else if (since !== undefined) {
      total += at + milliseconds - since;
      since = undefined;
    }
  }
  const last = samples.at(-1);
  if (since !== undefined && last) total += last.at + last.milliseconds - since;
  return seconds(total);
}

/** Nearest-rank percentile; 0 for no numbers. @param percent above 0, at most 100. */
export function percentile(numbers: readonly number[], percent: number): number {
  if (numbers.length === 0) return 0;
  const sorted = [...numbers].sort((left, right) => left - right);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1];
}

/** Replication lag of the writes acknowledged before a time. */
export function lagFigures(arrivals: readonly Arrival[], until = Infinity): LagFigures {
  const lags = arrivals.filter(({ write }) => write.at < until).map(({ lagMs }) => lagMs);
  return { writes: lags.length, p50: percentile(lags, 50), p99: percentile(lags, 99) };
}

/** DNS answers since the fault, starting with the answer at the fault. */
export function dnsAfterFault({ changes, phases }: Pick<Observations, "changes" | "phases">): Change[] {
  const fault = faultAt(phases) ?? -Infinity;
  const answers = changes.filter(({ subject }) => subject === DNS);
  const first = answers.findLastIndex(({ at }) => at < fault);
  return answers.slice(Math.max(0, first));
}

/** Converts milliseconds to seconds with two decimals. */
export function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 10) / 100;
}
