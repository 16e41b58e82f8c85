import { cpus } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";

/** One second of the machine on which the drill runs. */
export interface MachineSample {
  /** End of the second: milliseconds since 1970. */
  readonly at: number;
  /** Longest delay of this process's event loop, in milliseconds. */
  readonly loopDelayMs: number;
  /** Use of all processors, 0 to 100. */
  readonly cpuPercent: number;
  /** Use of one processor by this process, in percent. */
  readonly ownCpuPercent: number;
  /** Duration of the probe that started in this second, including a late start, in milliseconds; absent without a probe. */
  readonly probeMs?: number;
}

/** A period of time: milliseconds since 1970. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** Figures of the machine in the report. */
export interface MachineFigures {
  readonly processors: number;
  readonly seconds: number;
  readonly overloadedSeconds: number;
  readonly loopDelayMs: { readonly p99: number; readonly most: number };
  readonly cpuPercent: { readonly p50: number; readonly most: number };
  readonly probeMs?: { readonly p99: number; readonly most: number };
}

/**
 * Thresholds of an overloaded second. Each client sends a request every 250 ms, so an event loop with that delay is one request
 * late. The probe reads a stored value, which takes milliseconds on an idle machine; the web UI sends a read to the other region after 1 s
 * without a response, and the machine must not cause half of that.
 */
const OVERLOADED = { loopDelayMs: 250, probeMs: 500 } as const;
/** Saturated processors delay requests. When they are saturated in half of a period, its times do not measure the system. */
const SATURATED = { cpuPercent: 95, share: 0.5 } as const;

const SAMPLE_MS = 1000;
const RESOLUTION_MS = 10;

/** Measures the machine during a drill: event-loop delay, processor use, and a probe at a fixed interval. */
export class MachineWatch {
  readonly samples: MachineSample[] = [];
  private readonly histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private timer: NodeJS.Timeout | undefined;
  private processors = processorTimes();
  private own = process.cpuUsage();
  private due = 0;

  /** @param probe a request to the machine under test whose duration depends on its load only. */
  constructor(private readonly probe?: () => Promise<unknown>) {}

  start(): void {
    this.histogram.enable();
    this.due = performance.now() + SAMPLE_MS;
    this.timer = setInterval(() => this.sample(), SAMPLE_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.histogram.disable();
  }

  private sample(): void {
    const index = this.samples.length;
    const [before, ownBefore] = [this.processors, this.own];
    this.processors = processorTimes();
    this.own = process.cpuUsage();
    const total = this.processors.total - before.total;
    const idle = this.processors.idle - before.idle;
    const own = this.own.user + this.own.system - ownBefore.user - ownBefore.system;
    // The histogram records whole timer intervals. The delay is what exceeds the resolution.
    const loopDelayMs = Math.max(0, Math.round(this.histogram.max / 1e6) - RESOLUTION_MS);
    this.histogram.reset();
    const elapsed = performance.now() - this.due + SAMPLE_MS;
    this.samples.push({
      at: Date.now(),
      loopDelayMs,
      cpuPercent: total > 0 ? Math.round(100 * (1 - idle / total)) : 0,
      ownCpuPercent: Math.round(own / 10 / elapsed),
    });
    const due = this.due;
    // setInterval drops ticks that it could not run: the next one is due an interval after this one.
    this.due = performance.now() + SAMPLE_MS;
    if (this.probe) void this.runProbe(this.probe, index, due);
  }

  private async runProbe(probe: () => Promise<unknown>, index: number, due: number): Promise<void> {
    // The duration of a failed probe counts as well.
    await probe().catch(() => undefined);
    this.samples[index] = { ...this.samples[index], probeMs: Math.round(performance.now() - due) };
  }
}

/** Returns why the machine was overloaded in a period; undefined when it was not. */
export function overloadIn(samples: readonly MachineSample[], { from, to }: Period): string | undefined {
  const within = samples.filter(({ at }) => at >= from && at - SAMPLE_MS <= to);
  if (within.length === 0) return undefined;
  const loop = Math.max(...within.map(({ loopDelayMs }) => loopDelayMs));
  if (loop >= OVERLOADED.loopDelayMs) return `its event loop was delayed by ${loop} ms`;
  const probe = Math.max(...within.map(({ probeMs = 0 }) => probeMs));
  if (probe >= OVERLOADED.probeMs) return `a request for a stored value took ${probe} ms`;
  const busy = within.filter(({ cpuPercent }) => cpuPercent >= SATURATED.cpuPercent).length;
  if (busy / within.length < SATURATED.share) return undefined;
  return `its processors were ${SATURATED.cpuPercent} % busy or more for ${busy} of ${within.length} s`;
}

/** Computes the figures of the whole drill. */
export function machineFigures(samples: readonly MachineSample[]): MachineFigures {
  const rank = (numbers: readonly number[], part: number): number => {
    const sorted = [...numbers].sort((left, right) => left - right);
    return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
  };
  const of = (read: (sample: MachineSample) => number | undefined): number[] =>
    samples.map(read).filter((value) => value !== undefined);
  const probes = of(({ probeMs }) => probeMs);
  const loops = of(({ loopDelayMs }) => loopDelayMs);
  const busy = of(({ cpuPercent }) => cpuPercent);
  return {
    processors: cpus().length,
    seconds: samples.length,
    overloadedSeconds: samples.filter(
      (sample) => overloadIn([sample], { from: sample.at, to: sample.at }) !== undefined,
    ).length,
    loopDelayMs: { p99: rank(loops, 0.99), most: rank(loops, 1) },
    cpuPercent: { p50: rank(busy, 0.5), most: rank(busy, 1) },
    ...(probes.length > 0 && { probeMs: { p99: rank(probes, 0.99), most: rank(probes, 1) } }),
  };
}

/** Formats the figures as text. */
export function machineText(figures: MachineFigures): string {
  const { processors, seconds, overloadedSeconds, loopDelayMs, cpuPercent, probeMs } = figures;
  const probe = probeMs === undefined ? "" : `, probe p99 ${probeMs.p99} ms, most ${probeMs.most} ms`;
  return (
    `${processors} processors, busy p50 ${cpuPercent.p50} %, most ${cpuPercent.most} %; event-loop delay p99 ` +
    `${loopDelayMs.p99} ms, most ${loopDelayMs.most} ms${probe}; overloaded in ${overloadedSeconds} of ${seconds} s`
  );
}

function processorTimes(): { readonly total: number; readonly idle: number } {
  let [total, idle] = [0, 0];
  for (const { times } of cpus()) {
    idle += times.idle;
    total += Object.values(times).reduce((sum, time) => sum + time, 0);
  }
  return { total, idle };
}
