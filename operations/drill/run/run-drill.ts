import { CommandError, reasonOf } from "../../../command-line/command-error";
import { sleepUntil } from "../../cli/sleep";
import { DrillTickets } from "../clients/drill-tickets";
import type { StoredRoutingEvent } from "../observations";
import type { Findings } from "../report/figures";
import { type DrillReport, reportOf } from "../report/report";
import type { Scenario } from "../scenario";
import type { DrillSystem } from "../systems/drill-system";
import { cleanUp, repairAll } from "./clean-up";
import { DrillRecorder } from "./recorder";
import { verifyWrites } from "./replication-watch";
import { returnToPrimary } from "./return-to-primary";
import { expectServedByPrimary, expectSteadyState, warmUp } from "./steady-state";
import { type DrillContext, runSteps } from "./steps";

/** Options of a drill. */
export interface DrillOptions {
  readonly scenario: Scenario;
  /** Seed of the random choices. */
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Prints a line for the operator. */
  readonly print: (line: string) => void;
  /** Whether the system outlives the drill. The drill then deletes its tickets. */
  readonly keepsData: boolean;
}

/** Attempts to read the stored routing events. */
const READ_ATTEMPTS = 5;
/** Pause between these attempts, in milliseconds. */
const RETRY_MS = 2000;
/** Duration of traffic before the first fault: seconds of real time, and at least this many milliseconds. */
const BEFORE_SECONDS = 15;
const LEAST_BEFORE_MS = 1000;

/**
 * Runs one drill: steady traffic, the steps of the scenario, the repair, the gated failback, and a check of every acknowledged
 * write in both regions. Repairs the system also when the drill fails or is stopped. A takeover remains in that case.
 * @throws CommandError when the system is not in a steady state at the start, or the drill is stopped.
 */
export async function runDrill(system: DrillSystem, options: DrillOptions): Promise<DrillReport> {
  const { scenario, seed, signal, keepsData, print } = options;
  const startedAt = Date.now();
  const tickets = new DrillTickets(startedAt);
  const recorder = new DrillRecorder(system, tickets, startedAt, print);
  const broken = new Set<string>();
  const context: DrillContext = { system, recorder, broken, sleep: sleepOrThrow(signal) };
  let completed = false;
  await system.lock.acquire(startedAt);
  try {
    const findings = await playScenario(context, tickets, options);
    const observed = await recorder.observations();
    const routing = await storedEvents(context, startedAt);
    completed = true;
    const endedAt = Date.now();
    const drill = { system, scenario, seed, startedAt, endedAt, observations: { ...observed, routing } };
    // The observer sets the late writes as soon as DNS has left the primary, which can be as late as its last look.
    return reportOf(drill, { ...findings, late: recorder.lateWrites });
  } finally {
    recorder.stopMachine();
    await recorder.stopTraffic();
    await cleanUp(system, { broken, tickets, completed, keepsData, print });
    await recorder.stop();
    await system.lock
      .release()
      .catch((error: Error) =>
        print(`The drill lock could not be removed and expires in five minutes: ${error.message}`),
      );
  }
}

/** Runs the scenario from a steady state back to service by the primary, and verifies the acknowledged writes. */
async function playScenario(
  context: DrillContext,
  tickets: DrillTickets,
  { scenario, seed }: DrillOptions,
): Promise<Omit<Findings, "late">> {
  const { system, recorder, broken, sleep } = context;
  recorder.start();
  await expectSteadyState(context);
  await warmUp(context, tickets);
  await expectSteadyState(context);
  recorder.phase("traffic", "traffic begins");
  recorder.startTraffic();
  await sleep(Math.max(LEAST_BEFORE_MS, (BEFORE_SECONDS * 1000) / system.speed));
  await expectServedByPrimary(context);
  await runSteps(context, scenario.steps, seed);
  await repairAll(system, broken);
  const failback = await returnToPrimary(context);
  recorder.phase("end", "traffic ends");
  await recorder.stopTraffic();
  const verification = await verifyWrites(system, recorder.watch.acknowledged, sleep);
  return { ...verification, arrivals: recorder.watch.arrivals, failback };
}

/** Reads the stored changes of the takeover. @throws CommandError when every attempt fails. */
async function storedEvents(
  { system, sleep }: DrillContext,
  since: number,
): Promise<readonly StoredRoutingEvent[]> {
  for (let left = READ_ATTEMPTS - 1; ; left--)
    try {
      return await system.routingEvents(since);
    } catch (error) {
      if (left === 0)
        throw new CommandError(
          `The routing events of ${system.secondary.name} cannot be read: ${reasonOf(error)}.`,
          { cause: error },
        );
      await sleep(RETRY_MS);
    }
}

/** A wait in milliseconds that rejects when the signal is aborted. */
function sleepOrThrow(signal: AbortSignal): (milliseconds: number) => Promise<void> {
  const sleep = sleepUntil(signal);
  return async (milliseconds) => {
    await sleep(milliseconds);
    signal.throwIfAborted();
  };
}
