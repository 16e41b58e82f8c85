import { CommandError } from "../../../command-line/command-error";
import type { BrokenState, ClientName, Condition, Role, SecondsRange, Step } from "../scenario";
import type { DrillSystem } from "../systems/drill-system";
import type { DrillRecorder } from "./recorder";

/** State of a running drill. */
export interface DrillContext {
  readonly system: DrillSystem;
  readonly recorder: DrillRecorder;
  /** Aliases of the regions that the drill has broken and not repaired yet. */
  readonly broken: Set<string>;
  /** Waits in milliseconds. Rejects when the drill is stopped. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Pause between two evaluations of a condition, in milliseconds. */
const POLL_MS = 50;
/** Shortest wait of a step, in milliseconds: the speed does not divide the interval of the requests. */
const LEAST_WAIT_MS = 1000;
/** Highest speed that divides the times of a flapping region. Above it the sentinel of the local cloud gets no faster. */
const FASTEST_FLAP = 10;
/** Addition to a time limit at a speed above 1, in milliseconds: DNS TTLs are whole seconds, and the machine has its own pace. */
const ALLOWANCE_MS = 15_000;
/**
 * Further addition for the web UI, in milliseconds: it reads the routing states again after up to 18 seconds at any speed, and a region of a
 * busy machine can miss the second that a read waits.
 */
const WEB_UI_ALLOWANCE_MS = 19_000;
/** Number of a client's last requests that the region must have answered. */
const STEADY = 5;
/** The clients of a condition. */
const CLIENTS = {
  clients: ["writer", "reader"],
  "all-clients": ["writer", "reader", "page"],
} as const satisfies Readonly<Record<string, readonly ClientName[]>>;

/**
 * Runs the steps of a scenario in order.
 * @throws CommandError when the operator command fails, or the drill is stopped.
 */
export async function runSteps(context: DrillContext, steps: readonly Step[], seed: number): Promise<void> {
  const random = seededRandom(seed);
  for (const step of steps) await runStep(context, step, random);
}

async function runStep(context: DrillContext, step: Step, random: () => number): Promise<void> {
  const { system, sleep } = context;
  switch (step.do) {
    case "break":
      return breakRegion(context, step.role, step.state);
    case "repair":
      return repairRegion(context, step.role);
    case "wait":
      return sleep(Math.max(LEAST_WAIT_MS, (step.seconds * 1000) / system.speed));
    case "until":
      return void (await until(context, step.condition, step.withinSeconds));
    case "takeover":
      return takeOver(context);
    case "flap": {
      const flapSpeed = Math.min(system.speed, FASTEST_FLAP);
      for (let time = 0; time < step.times; time++) {
        await breakRegion(context, step.role, step.state);
        await sleep(randomMs(step.brokenSeconds, random) / flapSpeed);
        await repairRegion(context, step.role);
        await sleep(randomMs(step.healthySeconds, random) / flapSpeed);
      }
    }
  }
}

function randomMs([least, most]: SecondsRange, random: () => number): number {
  return (least + (most - least) * random()) * 1000;
}

async function breakRegion(
  { system, broken, recorder }: DrillContext,
  role: Role,
  state: BrokenState,
): Promise<void> {
  const { name } = system[role];
  recorder.phase("fault", `${name} is made ${state}`);
  broken.add(name);
  await system.setState(name, state);
}

async function repairRegion({ system, broken, recorder }: DrillContext, role: Role): Promise<void> {
  const { name } = system[role];
  await system.setState(name, "up");
  broken.delete(name);
  recorder.phase("mend", `${name} is repaired`);
}

async function takeOver({ system, recorder }: DrillContext): Promise<void> {
  recorder.phase("takeover", `an operator makes ${system.secondary.name} take over`);
  const { code, text } = await system.takeOver("drill");
  if (code !== 0) throw new CommandError(`The takeover failed: ${text.trim()}`);
}

/** Waits for a condition and returns whether it held within the time limit. Records a timeout as a phase. */
export async function until(
  context: DrillContext,
  condition: Condition,
  withinSeconds: number,
): Promise<boolean> {
  const { system, recorder, sleep } = context;
  const started = Date.now();
  const allowance = ALLOWANCE_MS + (condition.startsWith("all-clients") ? WEB_UI_ALLOWANCE_MS : 0);
  const end = started + (withinSeconds * 1000) / system.speed + (system.speed > 1 ? allowance : 0);
  while (Date.now() < end) {
    if (holds(context, condition, started)) return true;
    await sleep(POLL_MS);
  }
  const waited = Math.round((Date.now() - started) / 1000);
  recorder.phase("wait", `timed out after ${waited} s waiting for ${condition}`);
  return false;
}

/**
 * Whether a condition holds now.
 * @param started start of the wait: earlier requests do not count.
 */
export function holds({ system, recorder }: DrillContext, condition: Condition, started: number): boolean {
  const { observer, watch, traffic } = recorder;
  if (condition === "replicated")
    return [system.primary, system.secondary].every(({ name }) => watch.missingIn(name).length === 0);
  if (condition === "taken-over") return observer.takenOver === true;
  const [clients, role] = condition.split("-on-") as [keyof typeof CLIENTS, Role];
  const { name } = system[role];
  if (observer.dns !== name) return false;
  return CLIENTS[clients].every((client) => {
    const last = traffic.samples.filter((sample) => sample.client === client && sample.at >= started);
    return last.length >= STEADY && last.slice(-STEADY).every(({ ok, region }) => ok && region === name);
  });
}

/**
 * Deterministic pseudo-random numbers in [0, 1) (mulberry32).
 * https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
 */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
