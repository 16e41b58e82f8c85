import type { Probe } from "../../functions/sentinel/probe";
import type { SentinelState } from "../../functions/sentinel/sentinel-state";
import { reasonOf } from "../../command-line/command-error";
import type { Gate } from "./gate";

/** What the gate works with. */
export interface HealthGateContext {
  /** Nickname of the primary. */
  readonly primary: string;
  /** How long it must have been well without a break, in milliseconds. */
  readonly neededMs: number;
  readonly probe: () => Promise<Probe>;
  /** What the secondary's sentinel knows; undefined when there is none. */
  readonly sentinel: () => Promise<SentinelState | undefined>;
  /** The time of the sentinel's clock, in milliseconds since 1970; undefined when its region does not tell. */
  readonly sentinelClock: () => Promise<number | undefined>;
  /** Who has changed the takeover since it was read, so that there is nothing more to wait for; undefined for nobody. */
  readonly takeoverChange: () => Promise<string | undefined>;
  /** Whether to wait for what is missing; without, the gate only says how much that is. */
  readonly wait: boolean;
  readonly onProgress: (text: string) => void;
  /** A line for the operator. */
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Between two probes, in milliseconds, and the least of it. */
const INTERVAL_MS = 5000;
const MINIMUM_INTERVAL_MS = 500;
/** What the sentinel saw longer ago, in milliseconds, is history: nobody has looked since. */
const RECENT_MS = 60_000;

/**
 * How long the primary has been well without a break: as the secondary's sentinel saw it and sees it, and as the probes
 * of this command see it. Where there is no sentinel, or it does not look, the probes alone count, and the gate says so.
 */
export class HealthGate {
  /** Since when it is well, by this machine's clock. */
  private since: number;
  /** What the sentinel knew when it was asked last. */
  private lastState: SentinelState | undefined;
  /** Why the probes alone count now; undefined while the sentinel looks too. */
  private probesOnlyReason: string | undefined;

  constructor(private readonly context: HealthGateContext) {
    this.since = context.now();
  }

  /** It was well for long enough; what is missing is waited for. One bad probe closes the gate. */
  async healthyLongEnough(): Promise<Gate> {
    const { primary, neededMs, wait, onProgress, signal, now, sleep } = this.context;
    const name = `${primary} has been healthy for ${minutes(neededMs)}`;
    // A sentinel that goes on seeing failures must not have this wait for ever.
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
   * It is well now that the other gates were checked too, and nobody saw it fail meanwhile. Were service returned to one
   * that is not, Route 53 would stay away from it, and go back ungated as soon as it answers.
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

  /** @returns what is wrong now, if anything is. */
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

  /** By the sentinel's own clock: the operator's may be minutes off, and hide one that looks. */
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
