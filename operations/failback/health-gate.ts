import type { ProbeResult } from "../../functions/sentinel/health-probe";
import type { SentinelState } from "../../functions/sentinel/sentinel-state";
import { reasonOf } from "../../command-line/command-error";
import type { Gate } from "./gate";

/** Dependencies and limits of the health gate. */
export interface HealthGateContext {
  /** Region alias of the primary. */
  readonly primary: string;
  /** Time for which it must have been healthy without interruption, in milliseconds. */
  readonly neededMs: number;
  readonly probe: () => Promise<ProbeResult>;
  /** Reads the state of the secondary's sentinel; undefined if no sentinel is deployed or it has not run yet. */
  readonly sentinel: () => Promise<SentinelState | undefined>;
  /** Time of the sentinel's clock, in milliseconds since 1970; undefined if its region does not report it. */
  readonly sentinelClock: () => Promise<number | undefined>;
  /** Describes a change of the takeover since it was read, which ends the wait; undefined if there was none. */
  readonly takeoverChange: () => Promise<string | undefined>;
  /** Whether to wait for the remaining time; otherwise the gate is closed at once. */
  readonly wait: boolean;
  readonly onProgress: (text: string) => void;
  /** Prints a line. */
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Time between two probes; shorter when less of the needed time remains, but never below the minimum. */
const INTERVAL_MS = 5000;
const MINIMUM_INTERVAL_MS = 500;
/** Maximum age of the last probe of the sentinel. If it is older, the sentinel does not run. */
const RECENT_MS = 60_000;

/**
 * Measures how long the primary has been healthy without interruption, from the probes of the secondary's sentinel and of
 * this command. Without a running sentinel only the probes of this command count, and the gate reports that.
 */
export class HealthGate {
  /** Start of the healthy time, by this machine's clock. */
  private since: number;
  /** Last state of the sentinel. */
  private lastState: SentinelState | undefined;
  /** Reason why only the probes of this command count; undefined while the sentinel runs. */
  private probesOnlyReason: string | undefined;

  constructor(private readonly context: HealthGateContext) {
    this.since = context.now();
  }

  /** Gate: the primary has been healthy for long enough. Waits for the remaining time. One failed probe closes the gate. */
  async healthyLongEnough(): Promise<Gate> {
    const { primary, neededMs, wait, onProgress, signal, now, sleep } = this.context;
    const name = `${primary} has been healthy for ${minutes(neededMs)}`;
    // Bounds the wait for a sentinel that keeps reporting failures.
    const end = now() + 2 * neededMs + RECENT_MS;
    for (;;) {
      const problem = await this.checkOnce();
      if (problem !== undefined) return { name, ok: false, figure: problem };
      const total = now() - this.since;
      const figure = `for ${minutes(total)}${this.probesOnlyNote()}`;
      if (total >= neededMs) return { name, ok: true, figure };
      if (!wait)
        return {
          name,
          ok: false,
          figure: `only ${figure}; without --dry-run the command waits for the rest`,
        };
      if (now() >= end) return { name, ok: false, figure: `only ${figure}` };
      const change = await this.context.takeoverChange();
      if (change !== undefined) return { name, ok: false, figure: change };
      onProgress(`Waiting: ${primary} has been healthy ${figure} of ${minutes(neededMs)}.`);
      await sleep(Math.min(INTERVAL_MS, Math.max(neededMs - total, MINIMUM_INTERVAL_MS)));
      signal.throwIfAborted();
    }
  }

  /**
   * Gate: the primary is still healthy after the other gates, and did not fail in the meantime. After a failback to an
   * unhealthy primary, Route 53 would keep routing to the secondary and return service without gates later.
   */
  async stillHealthy(): Promise<Gate> {
    const { primary, neededMs, now } = this.context;
    const problem = await this.checkOnce();
    const total = now() - this.since;
    const failed =
      total < neededMs
        ? `it failed in the meantime, and has been healthy for only ${minutes(total)}`
        : undefined;
    const figure = problem ?? failed;
    const name = `${primary} is still healthy after the other checks`;
    return { name, ok: figure === undefined, figure: figure ?? `yes${this.probesOnlyNote()}` };
  }

  private printRestart(): void {
    const { primary, print, now } = this.context;
    print(`The sentinel saw ${primary} fail; the healthy time restarts (${new Date(now()).toISOString()}).`);
  }

  private probesOnlyNote(): string {
    return this.probesOnlyReason === undefined
      ? ""
      : `, by the probes of this command only: ${this.probesOnlyReason}`;
  }

  /** Probes once and updates the healthy time. @returns the problem, if there is one. */
  private async checkOnce(): Promise<string | undefined> {
    const { probe, now } = this.context;
    const { ok, reason } = await probe();
    if (!ok) return `it is unhealthy: ${reason}`;
    const state = await this.context.sentinel().catch((error: Error) => error);
    if (state instanceof Error) return `the sentinel's state cannot be read (${reasonOf(state)})`;
    this.probesOnlyReason = await this.whyProbesOnly(state);
    if (this.probesOnlyReason !== undefined || state?.probedAt === undefined) return undefined;
    const { probedAt, healthySince } = state;
    const before = this.since;
    if (healthySince === undefined) this.since = now();
    else {
      const seen = now() - (probedAt - healthySince);
      const isTheSame = !this.lastState || this.lastState.healthySince === healthySince;
      this.since = isTheSame ? Math.min(this.since, seen) : seen;
    }
    const hasFailed =
      this.lastState?.healthySince !== undefined && healthySince !== this.lastState.healthySince;
    if (hasFailed && this.since > before) this.printRestart();
    this.lastState = state;
    return undefined;
  }

  /** Compares with the sentinel's clock: the clock of this machine may be minutes off. */
  private async whyProbesOnly(state: SentinelState | undefined): Promise<string | undefined> {
    if (state?.probedAt === undefined) return "no sentinel has probed it";
    const there = await this.context.sentinelClock();
    if (there === undefined) return "the sentinel's region does not report its time";
    const ago = there - state.probedAt;
    if (ago <= RECENT_MS) return undefined;
    return `the sentinel's last probe was ${minutes(ago)} ago`;
  }
}

function minutes(milliseconds: number): string {
  if (milliseconds < 60_000) return `${Math.floor(milliseconds / 1000)} s`;
  return `${(Math.floor(milliseconds / 6000) / 10).toFixed(1)} min`;
}
