import type { Probe } from "../../functions/sentinel/probe";
import type { SentinelState } from "../../functions/sentinel/sentinel-state";
import type { Gate } from "./gate";

/** What the gate works with. */
export interface HealthWatch {
  /** Nickname of the primary. */
  readonly primary: string;
  /** How long it must have been well without a break, in milliseconds. */
  readonly neededMs: number;
  readonly probe: () => Promise<Probe>;
  /** What the secondary's sentinel knows; undefined when there is none. */
  readonly sentinel: () => Promise<SentinelState | undefined>;
  /** Whether to wait for what is missing; without, the gate only says how much that is. */
  readonly wait: boolean;
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Between two probes, in milliseconds. */
const INTERVAL_MS = 5000;
/** What the sentinel saw longer ago, in milliseconds, is history: nobody has looked since. Clocks may differ by some of it. */
const RECENT_MS = 60_000;

/**
 * The primary was well for long enough: as the secondary's sentinel saw it up to now, and as the probes of this command
 * see it from now on. One bad probe closes the gate.
 */
export async function primaryHealthy(watch: HealthWatch): Promise<Gate> {
  const { primary, neededMs, probe, wait, onProgress, signal, now, sleep } = watch;
  const name = `${primary} was well for ${minutes(neededMs)}`;
  const known = await knownHealthyMs(watch);
  const started = now();
  for (;;) {
    const { ok, reason } = await probe();
    const seen = now() - started;
    const total = known + seen;
    if (!ok) return { name, ok, figure: `it is not well now: ${reason}` };
    const figure = `for ${minutes(total)}`;
    if (total >= neededMs) return { name, ok: true, figure };
    if (!wait) return { name, ok: false, figure: `only ${figure}` };
    onProgress(`Waiting: ${primary} was well ${figure} of ${minutes(neededMs)}.`);
    await sleep(Math.min(INTERVAL_MS, neededMs - total));
    signal.throwIfAborted();
  }
}

/**
 * The primary is well now that the other gates were checked too. Were service returned to one that is not, Route 53 would
 * stay away from it, and go back ungated as soon as it answers.
 */
export async function primaryStillHealthy(primary: string, probe: HealthWatch["probe"]): Promise<Gate> {
  const { ok, reason } = await probe();
  const figure = ok ? "it is" : `it is not well now: ${reason}`;
  return { name: `${primary} is still well after all that`, ok, figure };
}

/** Measured by the sentinel's own clock alone. */
async function knownHealthyMs({ sentinel, now }: HealthWatch): Promise<number> {
  // Where it cannot be read, this command sees for itself.
  const state = await sentinel().catch(() => undefined);
  const { healthySince, probedAt } = state ?? {};
  if (healthySince === undefined || probedAt === undefined) return 0;
  return Math.abs(now() - probedAt) > RECENT_MS ? 0 : probedAt - healthySince;
}

function minutes(milliseconds: number): string {
  if (milliseconds < 60_000) return `${Math.floor(milliseconds / 1000)} s`;
  return `${(Math.floor(milliseconds / 6000) / 10).toFixed(1)} min`;
}
