import type { FailbackOutcome } from "../observations";
import { type DrillContext, holds } from "./steps";

/** Pause before another failback after a gate refused one: seconds of real time, and at least this many milliseconds. */
const RETRY_SECONDS = 10;
const LEAST_RETRY_MS = 500;
/** Time limit for the gates and DNS, in addition to the time that the primary must be healthy, in seconds of real time. */
const WITHIN_SECONDS = 600;
/** Addition that the speed does not divide, in milliseconds. */
const ALLOWANCE_MS = 60_000;
/** Time limit for the observer to see the failback, in milliseconds. Until then the takeover must not count as a new one. */
const OBSERVED_MS = 2000;
const POLL_MS = 100;

/**
 * Returns service to the primary. While the secondary has taken over, runs the failback command until its gates open. Without a
 * takeover DNS returns by itself. Ends when the primary serves the clients, or after the time limit.
 */
export async function returnToPrimary(context: DrillContext): Promise<FailbackOutcome> {
  const { system, recorder, sleep } = context;
  const started = Date.now();
  const seconds = WITHIN_SECONDS + system.failbackMinutes * 60;
  const end = started + (seconds * 1000) / system.speed + ALLOWANCE_MS;
  let outcome: FailbackOutcome = { needed: false, done: false, refusals: 0, text: "" };
  recorder.phase("wait", "everything is repaired; waiting for service to return");
  while (Date.now() < end) {
    if (recorder.observer.takenOver) {
      outcome = await failBack(context, outcome, started);
      if (outcome.done) await failbackObserved(context);
      else await sleep(Math.max(LEAST_RETRY_MS, (RETRY_SECONDS * 1000) / system.speed));
    } else if (holds(context, "clients-on-primary", started)) return outcome;
    else await sleep(POLL_MS);
  }
  recorder.phase("wait", `timed out waiting for ${system.primary.name} to serve`);
  return outcome;
}

async function failbackObserved({ recorder, sleep }: DrillContext): Promise<void> {
  const end = Date.now() + OBSERVED_MS;
  while (recorder.observer.takenOver && Date.now() < end) await sleep(POLL_MS);
}

async function failBack(
  { system, recorder }: DrillContext,
  before: FailbackOutcome,
  started: number,
): Promise<FailbackOutcome> {
  const { code, text } = await system.failBack();
  if (code !== 0) return { needed: true, done: false, refusals: before.refusals + 1, text };
  const seconds = Math.round((Date.now() - started) / 10) / 100;
  recorder.phase("failback", `failed back to ${system.primary.name}`);
  return { needed: true, done: true, seconds, refusals: before.refusals, text };
}
