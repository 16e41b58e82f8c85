import { DrillTickets } from "./drill-tickets";
import { judge } from "./expectations";
import { NameClient } from "./name-client";
import { CommandError, reasonOf } from "../../command-line/command-error";
import { MachineWatch } from "./machine";
import { CheckRecord } from "./route53-checks";
import { Observer } from "./observer";
import { faultAt } from "./measure";
import {
  type AcknowledgedWrite,
  DNS,
  type Observations,
  type Phase,
  type StoredRoutingEvent,
} from "./observations";
import { PageClient } from "./page-client";
import { ReplicationWatch } from "./replication-watch";
import { type DrillReport, reportOf } from "./report";
import type { Scenario } from "./scenario";
import { expectServedByPrimary, expectSound, warmUp } from "./sound-system";
import { runSteps, type StepContext } from "./steps";
import type { DrillSystem } from "./system";
import { Traffic } from "./traffic";
import { failBack } from "./fail-back";
import { leave, mendAll } from "./leave";
import { verify } from "./verify";
import { watchedSubjects } from "./watched-subjects";

/** How a drill is run. */
export interface DrillOptions {
  readonly scenario: Scenario;
  /** Of whatever is random in it. */
  readonly seed: number;
  readonly signal: AbortSignal;
  /** A line for the operator. */
  readonly say: (line: string) => void;
  /** Whether the system outlives the drill, whose tickets are deleted then. */
  readonly keepsData: boolean;
}

/** Between two requests of a client, in milliseconds: steady, and little enough for a machine with two regions on it. */
const INTERVAL_MS = 250;
/** Between two looks at the writes that are on their way, in milliseconds. */
const LOOK_MS = 100;
/** A client that follows DNS waits so long for an answer, in milliseconds. */
const REQUEST_MS = 5000;
/** Between two looks at what the local cloud has recorded, in milliseconds. */
const COLLECT_MS = 2000;
/** How often the stored changes of the takeover are read before the drill gives up. */
const READS = 5;
/** How long traffic runs before anything is broken, in seconds of real time; and in milliseconds at least. */
const BEFORE_SECONDS = 15;
const LEAST_BEFORE_MS = 1000;

/**
 * Runs one drill: steady traffic, the scenario's steps, everything mended, the gated failback, and every acknowledged
 * write looked up in both regions. Leaves the system as it was, also when it is stopped or fails; a takeover stays then.
 * @throws CommandError when the system is not sound to begin with, or the drill is stopped.
 */
export async function runDrill(system: DrillSystem, options: DrillOptions): Promise<DrillReport> {
  const { scenario, seed, signal, say, keepsData } = options;
  const startedAt = Date.now();
  const phases: Phase[] = [];
  const phase = (kind: Phase["kind"], text: string): void => {
    phases.push({ at: Date.now(), kind, text });
    say(`${offset(startedAt)} ${text}`);
  };
  let late: readonly AcknowledgedWrite[] | undefined;
  const observer = new Observer(watchedSubjects(system), ({ subject, value }) => {
    say(`${offset(startedAt)} ${subject}: ${value}`);
    const hasLeft = subject === DNS && value === system.secondary.name && faultAt(phases) !== undefined;
    if (hasLeft) late ??= watch.missingIn(system.secondary.name);
  });
  const names = [system.primary.name, system.secondary.name] as const;
  const watch = new ReplicationWatch(names, system.versionsIn, LOOK_MS);
  const tickets = new DrillTickets(startedAt);
  const traffic = new Traffic({
    intervalMs: INTERVAL_MS,
    tickets,
    nicknameOf: (code) => [system.primary, system.secondary].find((region) => region.code === code)?.name,
    onAcknowledged: (write) => watch.add(write),
  });
  const broken = new Set<string>();
  const context: StepContext = {
    ...{ system, observer, watch, traffic, broken, phase },
    sleep: stoppable(signal),
  };
  const machine = new MachineWatch(system.probeMachine);
  const { checkChanges } = system;
  const checks = new CheckRecord(checkChanges && (() => checkChanges(startedAt)));
  let collecting: NodeJS.Timeout | undefined;
  let clients: Clients | undefined;
  let isWhole = false;
  await system.mark.set(startedAt);
  try {
    observer.start();
    machine.start();
    collecting = setInterval(() => void checks.collect(), COLLECT_MS);
    watch.start();
    await expectSound(context);
    await warmUp(context, tickets);
    await expectSound(context);
    phase("traffic", "traffic begins");
    // Not before: a page that is opened while DNS still answers the secondary would begin there, and see no failover.
    clients = clientsOf(system);
    traffic.start(clients);
    await context.sleep(Math.max(LEAST_BEFORE_MS, (BEFORE_SECONDS * 1000) / system.speed));
    await expectServedByPrimary(context);
    await runSteps(context, scenario.steps, seed);
    await mendAll(system, broken);
    const failback = await failBack(context);
    phase("end", "traffic ends");
    await traffic.stop();
    const lookedUp = await verify(system, watch.acknowledged, context.sleep);
    await Promise.all([observer.stop(), watch.stop(), checks.collect()]);
    machine.stop();
    const changes = [...observer.changes, ...checks.changes].sort((left, right) => left.at - right.at);
    const routing = await storedEvents(system, startedAt, context.sleep);
    const observations: Observations = {
      ...{ samples: traffic.samples, changes, phases, routing, machine: machine.samples },
    };
    isWhole = true;
    return reportOf(
      { system, scenario, seed, startedAt, endedAt: Date.now(), observations },
      { ...lookedUp, arrivals: watch.arrivals, late: late ?? [], failback },
      judge,
    );
  } finally {
    clearInterval(collecting);
    machine.stop();
    await traffic.stop();
    clients?.page.close();
    await leave(system, { broken, tickets, isWhole, keepsData, say });
    await Promise.all([observer.stop(), watch.stop()]);
    await system.mark
      .remove()
      .catch((error: Error) =>
        say(`The drill lock could not be removed and expires in five minutes: ${error.message}`),
      );
  }
}

/** The clients of a drill, by their names. */
interface Clients {
  readonly writer: NameClient;
  readonly reader: NameClient;
  readonly page: PageClient;
}

function clientsOf({ primary, secondary, failoverUrl, lookUp, ca }: DrillSystem): Clients {
  const byName = (): NameClient => new NameClient({ url: failoverUrl, lookUp, ca, limitMs: REQUEST_MS });
  const page = new PageClient({ regions: [primary, secondary], failoverUrl, byName: byName() });
  return { writer: byName(), reader: byName(), page };
}

/** A read that fails once must not cost the whole drill. @throws CommandError when it fails again and again. */
async function storedEvents(
  system: DrillSystem,
  since: number,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<readonly StoredRoutingEvent[]> {
  for (let left = READS - 1; ; left--)
    try {
      return await system.routingEvents(since);
    } catch (error) {
      if (left === 0)
        throw new CommandError(
          `The routing events of ${system.secondary.name} cannot be read: ${reasonOf(error)}.`,
          { cause: error },
        );
      await sleep(COLLECT_MS);
    }
}

/** A wait that rejects when the drill is stopped. */
function stoppable(signal: AbortSignal): (milliseconds: number) => Promise<void> {
  return (milliseconds) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const stop = (): void => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", stop);
        resolve();
      }, milliseconds);
      signal.addEventListener("abort", stop, { once: true });
    });
}

/** Seconds since the start, for a line in the terminal. */
function offset(startedAt: number): string {
  return `${((Date.now() - startedAt) / 1000).toFixed(1).padStart(7)} s`;
}
