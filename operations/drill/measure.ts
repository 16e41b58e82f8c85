import type { Period } from "./machine";
import type { Arrival } from "./replication-watch";
import { type Change, DNS, type Observations, type Phase, type Sample } from "./observations";
import type { ClientName } from "./scenario";

/** How a client fared. Times are seconds of the clock on the wall. */
export interface ClientFigures {
  readonly requests: number;
  readonly failed: number;
  /** Its longest interruption after the fault, until it was served steadily again; absent when no request failed, null when it never was. */
  readonly rtoSeconds?: number | null;
  /** That interruption: milliseconds since 1970; its end is null in JSON when there was none. */
  readonly outage?: Period;
  /** From the fault until another region than before served it first; absent when none did. */
  readonly movedAfterSeconds?: number;
  /** All the time in which its last request had failed. */
  readonly unavailableSeconds: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  /** The longest that any request took, failed ones too: what a person in front of it waited. */
  readonly slowestMilliseconds: number;
}

/** So many requests in a row must succeed before a client counts as served again. */
const STEADY = 3;

/** When the first fault, or the first takeover by hand, began: milliseconds since 1970. */
export function faultAt(phases: readonly Phase[]): number | undefined {
  return phases.find(({ kind }) => kind === "fault" || kind === "takeover")?.at;
}

/** A client's figures. @param fault when the fault began; undefined when there was none. */
export function clientFigures(
  client: ClientName,
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

/** An outage lasts from the last good answer, or the fault, until the first answer of a steady run. */
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
  // A request that was under way when the fault began, and that the other region answered, has moved because of it.
  const isOver = ({ at, milliseconds }: Sample): boolean => at + milliseconds <= fault;
  const before = samples.findLast((sample) => isOver(sample) && sample.ok && sample.region)?.region;
  const moved = samples.find(
    (sample) => !isOver(sample) && sample.ok && sample.region && sample.region !== before,
  );
  return moved ? { movedAfterSeconds: seconds(moved.at + moved.milliseconds - fault) } : {};
}

/** From each first failure to the end of the next request that succeeded; to the last request when none did. */
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

/** A percentile of numbers, the nearest rank; 0 without any. @param percent above 0, at most 100. */
export function percentile(numbers: readonly number[], percent: number): number {
  if (numbers.length === 0) return 0;
  const sorted = [...numbers].sort((left, right) => left - right);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1];
}

/** Replication's lag in milliseconds, of the writes acknowledged in an order of time that ends before `until`. */
export function lagFigures(
  arrivals: readonly Arrival[],
  until = Infinity,
): { readonly writes: number; readonly p50: number; readonly p99: number } {
  const lags = arrivals.filter(({ write }) => write.at < until).map(({ lagMs }) => lagMs);
  return { writes: lags.length, p50: percentile(lags, 50), p99: percentile(lags, 99) };
}

/** What DNS answered from the fault on, the answer at the fault first. */
export function dnsAfterFault({ changes, phases }: Pick<Observations, "changes" | "phases">): Change[] {
  const fault = faultAt(phases) ?? -Infinity;
  const answers = changes.filter(({ subject }) => subject === DNS);
  const first = answers.findLastIndex(({ at }) => at < fault);
  return answers.slice(Math.max(0, first));
}

/** Milliseconds as seconds with two decimals. */
export function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 10) / 100;
}
