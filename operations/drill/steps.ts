import { CommandError } from "../../command-line/command-error";
import type { Observer } from "./observer";
import type { Phase } from "./observations";
import { seededRandom } from "./random";
import type { ReplicationWatch } from "./replication-watch";
import type { BrokenState, ClientName, Condition, Role, SecondsRange, Step } from "./scenario";
import type { DrillSystem } from "./system";
import type { Traffic } from "./traffic";

/** What steps work with. */
export interface StepContext {
  readonly system: DrillSystem;
  readonly observer: Observer;
  readonly watch: ReplicationWatch;
  readonly traffic: Pick<Traffic, "samples">;
  /** Nicknames of the regions that the drill has broken and not mended yet. */
  readonly broken: Set<string>;
  readonly phase: (kind: Phase["kind"], text: string) => void;
  /** Waits; rejects when the drill is stopped. Milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** How often a condition is looked at, in milliseconds. */
const LOOK_MS = 50;
/** The traffic has a pace that no speed divides: a wait is long enough for some requests, in milliseconds. */
const LEAST_WAIT_MS = 1000;
/** The sentinel of the local cloud becomes no faster above this speed, and what it could not see at all would be no flapping. */
const FASTEST_FLAP = 10;
/** So many of a client's last requests must have been served by the region. */
const STEADY = 5;
/** Whose requests are looked at. */
const CLIENTS = {
  dns: [],
  clients: ["writer", "reader"],
  everybody: ["writer", "reader", "page"],
} as const satisfies Readonly<Record<string, readonly ClientName[]>>;

/** Runs a scenario's steps one after the other. @throws CommandError when the operator's command fails, or the drill is stopped. */
export async function runSteps(context: StepContext, steps: readonly Step[], seed: number): Promise<void> {
  const random = seededRandom(seed);
  for (const step of steps) await runStep(context, step, random);
}

async function runStep(context: StepContext, step: Step, random: () => number): Promise<void> {
  const { system, sleep } = context;
  switch (step.do) {
    case "break":
      return breakRegion(context, step.role, step.state);
    case "mend":
      return mendRegion(context, step.role);
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
        await sleep(chosen(step.brokenSeconds, random) / flapSpeed);
        await mendRegion(context, step.role);
        await sleep(chosen(step.soundSeconds, random) / flapSpeed);
      }
    }
  }
}

/** Milliseconds within a range of seconds. */
function chosen([least, most]: SecondsRange, random: () => number): number {
  return (least + (most - least) * random()) * 1000;
}

async function breakRegion(
  { system, broken, phase }: StepContext,
  role: Role,
  state: BrokenState,
): Promise<void> {
  const { name } = system[role];
  phase("fault", `${name} is made ${state}`);
  broken.add(name);
  await system.setState(name, state);
}

async function mendRegion({ system, broken, phase }: StepContext, role: Role): Promise<void> {
  const { name } = system[role];
  await system.setState(name, "up");
  broken.delete(name);
  phase("mend", `${name} is repaired`);
}

async function takeOver({ system, phase }: StepContext): Promise<void> {
  phase("takeover", `an operator makes ${system.secondary.name} take over`);
  const { code, text } = await system.takeOver("drill");
  if (code !== 0) throw new CommandError(`The takeover failed: ${text.trim()}`);
}

/** Whether the condition came to hold within the time; it is a phase of its own when it did not. */
export async function until(
  context: StepContext,
  condition: Condition,
  withinSeconds: number,
): Promise<boolean> {
  const { system, phase, sleep } = context;
  // DNS has whole seconds and a machine has its own pace: neither is divided.
  const end = Date.now() + (withinSeconds * 1000) / system.speed + (system.speed > 1 ? 15_000 : 0);
  const started = Date.now();
  while (Date.now() < end) {
    if (holds(context, condition, started)) return true;
    await sleep(LOOK_MS);
  }
  const waited = Math.round((Date.now() - started) / 1000);
  phase("wait", `timed out after ${waited} s waiting for ${condition}`);
  return false;
}

/** Whether a condition holds now. @param started when it began to be waited for: requests before it do not count. */
export function holds(
  { system, observer, watch, traffic }: StepContext,
  condition: Condition,
  started: number,
): boolean {
  if (condition === "replicated")
    return [system.primary, system.secondary].every(({ name }) => watch.missingIn(name).length === 0);
  if (condition === "taken-over") return observer.takenOver === true;
  const [who, , role] = condition.split("-") as [keyof typeof CLIENTS, "on", Role];
  const { name } = system[role];
  if (observer.dns !== name) return false;
  return CLIENTS[who].every((client) => {
    const last = traffic.samples.filter((sample) => sample.client === client && sample.at >= started);
    return last.length >= STEADY && last.slice(-STEADY).every(({ ok, region }) => ok && region === name);
  });
}
