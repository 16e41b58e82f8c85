import { holds, type StepContext } from "./steps";

/** How service came back to the primary. */
export interface FailbackOutcome {
  /** Whether the secondary had taken over, so that a failback was needed. */
  readonly needed: boolean;
  readonly done: boolean;
  /** From the moment when everything was mended until the failback was done; absent when none was needed. */
  readonly seconds?: number;
  /** How often a gate refused it before. */
  readonly refusals: number;
  /** What the last try said. */
  readonly text: string;
}

/** A gate that is not open yet is tried again after so long, in seconds of real time. */
const RETRY_SECONDS = 10;
/** How long the gates and DNS are given on top of the time that the primary must have been well, in seconds of real time; and what no speed divides, in milliseconds. */
const WITHIN_SECONDS = 600;
const ALLOWANCE_MS = 60_000;
/** The observer sees a failback at its next question, within so many milliseconds; until then it must not look like another takeover. */
const AFTER_MS = 2000;
/** How often it is looked whether the clients are back, in milliseconds. */
const LOOK_MS = 100;

/**
 * Has service return to the primary: through the gates if the secondary has taken over, again and again until they open,
 * and also when it takes over only now. Without a takeover DNS returns by itself. Ends when clients are served by the
 * primary, or the time has passed.
 */
export async function failBack(context: StepContext): Promise<FailbackOutcome> {
  const { system, observer, phase, sleep } = context;
  const started = Date.now();
  const seconds = WITHIN_SECONDS + system.failbackMinutes * 60;
  const end = started + (seconds * 1000) / system.speed + ALLOWANCE_MS;
  let outcome: FailbackOutcome = { needed: false, done: false, refusals: 0, text: "" };
  phase("wait", "everything is repaired; waiting for service to return");
  while (Date.now() < end) {
    if (observer.takenOver) {
      outcome = await tryOnce(context, outcome, started);
      if (outcome.done) await seenAsDone(context);
      else await sleep(Math.max(500, (RETRY_SECONDS * 1000) / system.speed));
    } else if (holds(context, "clients-on-primary", started)) return outcome;
    else await sleep(LOOK_MS);
  }
  phase("wait", `timed out waiting for ${system.primary.name} to serve`);
  return outcome;
}

async function seenAsDone({ observer, sleep }: StepContext): Promise<void> {
  const end = Date.now() + AFTER_MS;
  while (observer.takenOver && Date.now() < end) await sleep(LOOK_MS);
}

async function tryOnce(
  { system, phase }: StepContext,
  before: FailbackOutcome,
  started: number,
): Promise<FailbackOutcome> {
  const { code, text } = await system.failBack();
  if (code !== 0) return { needed: true, done: false, refusals: before.refusals + 1, text };
  const seconds = Math.round((Date.now() - started) / 10) / 100;
  phase("failback", `failed back to ${system.primary.name}`);
  return { needed: true, done: true, seconds, refusals: before.refusals, text };
}
