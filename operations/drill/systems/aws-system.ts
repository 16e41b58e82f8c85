import { CommandError } from "../../../command-line/command-error";
import { awsCommandLine, type RunAws } from "../../cli/aws-command-line";
import type { ProbeArrives } from "./replication-probe";
import type { CommandContext } from "../../cli/command";
import type { DeployedRegion } from "../../cli/deployed-regions";
import { eventSourceMappings } from "../../cli/event-source-mappings";
import type { DeploymentChoice } from "../../cli/deployment";
import { deployedSystem, type DrillOperations } from "./deployed-system";
import type { DrillSystem } from "./drill-system";

/**
 * Drill system for a stack on AWS. Supports reversible faults only: the takeover, and replication paused by disabling the event
 * source mappings of both directions, which keep their position.
 * @throws CommandError when the stack does not exist or has no domain.
 */
export async function awsSystem(
  choice: DeploymentChoice,
  operations: DrillOperations,
  { terminal, signal }: CommandContext,
): Promise<DrillSystem> {
  const { deployment, domain, probeArrives, ...system } = await deployedSystem(choice, operations, signal);
  const replication = pausedReplication(deployment.regions, { print: terminal.print, probeArrives });
  return {
    ...system,
    environment: "AWS",
    failoverUrl: `https://api.${domain}`,
    async prepare(states) {
      if (states.includes("isolated")) await replication.find();
    },
    async setState(_region, state) {
      if (state === "isolated") return replication.pause();
      if (state === "up") return replication.resume();
      throw new CommandError(`The state ${state} is not available on AWS.`);
    },
  };
}

/** An event source mapping. */
interface Mapping {
  /** AWS region code. */
  readonly region: string;
  readonly id: string;
}

/** Pauses and resumes replication in both directions. The streams keep the writes for 24 hours. */
interface PausedReplication {
  /** Finds both event source mappings. @throws CommandError when they or the AWS CLI are missing. */
  find(): Promise<void>;
  /** Disables both mappings and waits until no write arrives. @throws CommandError when writes still arrive after some minutes. */
  pause(): Promise<void>;
  /** Enables the mappings that were disabled here and waits until writes arrive. @throws CommandError when none arrives after some minutes. */
  resume(): Promise<void>;
}

/** Options of the pause. */
interface PausingOptions {
  readonly runAws?: RunAws;
  /** Pause between two reads of a mapping, in milliseconds. */
  readonly pollMs?: number;
  readonly probeArrives: ProbeArrives;
  /** Time limits; those of AWS by default. */
  readonly limits?: typeof LIMITS;
  /** Prints a line for the operator. */
  readonly print: (line: string) => void;
}

/** Maximum reads of a mapping while its state changes, and the pause between them in milliseconds. */
const READS = 60;
const POLL_MS = 2000;
/**
 * Time limits in milliseconds. A mapping stops and starts up to 90 seconds after an update:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
 */
const LIMITS = {
  /** Time for a probe to arrive. */
  arrival: 20_000,
  /** Time for replication to stop or start: twice what AWS documents. */
  change: 180_000,
};
/** Probes in a row that must not arrive before replication counts as paused. A single one may only be late. */
const MISSING_PROBES = 2;
/** Error while the mapping is being changed: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html */
const IN_USE = /ResourceInUseException/;

/**
 * Pauses replication with the AWS CLI, by disabling the event source mappings.
 * https://docs.aws.amazon.com/cli/latest/reference/lambda/update-event-source-mapping.html
 */
export function pausedReplication(
  regions: readonly DeployedRegion[],
  { runAws = awsCommandLine, pollMs = POLL_MS, limits = LIMITS, probeArrives, print }: PausingOptions,
): PausedReplication {
  const paused: Mapping[] = [];
  const find = async (): Promise<Mapping[]> => {
    const mappings: Mapping[] = [];
    for (const region of regions) mappings.push({ region: region.code, id: await mappingOf(region, runAws) });
    return mappings;
  };
  return {
    find: async () => void (await find()),
    async pause() {
      const mappings = await find();
      // Printed before the pause, so that the operator can resume replication if this process crashes.
      print("Pausing replication. If this drill crashes before it resumes replication, run:");
      for (const { region, id } of mappings) print(`  aws ${updateOf(region, id, true).join(" ")}`);
      for (const mapping of mappings) {
        paused.push(mapping);
        await setEnabled(mapping.region, mapping.id, false, runAws, pollMs);
      }
      await waitForEffect(regions, false, probeArrives, limits);
    },
    async resume() {
      const resumed: string[] = [];
      // A mapping is removed from the list only after it is enabled: after a failure, the next call enables the rest.
      for (let last = paused.at(-1); last; last = paused.at(-1)) {
        await setEnabled(last.region, last.id, true, runAws, pollMs);
        paused.pop();
        resumed.push(last.region);
      }
      const waiting = regions.filter(({ code }) => resumed.includes(code));
      await waitForEffect(waiting, true, probeArrives, limits);
    },
  };
}

/** Waits until the probes of all regions arrive in full, or nothing of them does: the shards of a stream stop and start apart. */
async function waitForEffect(
  regions: readonly DeployedRegion[],
  arriving: boolean,
  probeArrives: ProbeArrives,
  { arrival, change }: typeof LIMITS,
): Promise<void> {
  const end = Date.now() + change;
  const hasEffect = async (region: DeployedRegion): Promise<boolean> => {
    for (let probes = arriving ? 1 : MISSING_PROBES; probes > 0; probes--)
      if ((await probeArrives(region, arrival)) !== (arriving ? "all" : "none")) return false;
    return true;
  };
  for (const region of regions)
    while (!(await hasEffect(region)))
      if (Date.now() >= end)
        throw new CommandError(
          `Writes of ${region.name} ${arriving ? "do not arrive" : "still arrive"} in the other region ${change / 1000} s after ` +
            `its event source mapping was ${arriving ? "enabled" : "disabled"}. Check the mapping, then run the drill again.`,
        );
}

async function mappingOf(region: DeployedRegion, runAws: RunAws): Promise<string> {
  const mappings = await eventSourceMappings(region, runAws);
  if (mappings.length === 1) return mappings[0].UUID;
  throw new CommandError(
    `The table of ${region.name} has ${mappings.length} event source mappings; a drill pauses exactly one.`,
  );
}

async function setEnabled(
  region: string,
  id: string,
  enabled: boolean,
  runAws: RunAws,
  pollMs: number,
): Promise<void> {
  const update = updateOf(region, id, enabled);
  const wanted = enabled ? "Enabled" : "Disabled";
  let isAccepted = false;
  for (let read = 0; read < READS; read++) {
    isAccepted ||= await requestUpdate(update, runAws);
    const { State } = (await runAws([
      ...["lambda", "get-event-source-mapping", "--region", region, "--uuid", id],
    ])) as { State: string };
    if (isAccepted && State === wanted) return;
    await new Promise((next) => setTimeout(next, pollMs));
  }
  throw new CommandError(
    `The event source mapping ${id} in ${region} did not become ${wanted}. Check it, then run: aws ${update.join(" ")}`,
  );
}

function updateOf(region: string, id: string, enabled: boolean): string[] {
  const which = ["--region", region, "--uuid", id];
  return ["lambda", "update-event-source-mapping", ...which, enabled ? "--enabled" : "--no-enabled"];
}

/** @returns false while another change of the mapping is in progress. */
async function requestUpdate(update: readonly string[], runAws: RunAws): Promise<boolean> {
  try {
    await runAws(update);
    return true;
  } catch (error) {
    if (IN_USE.test((error as Error).message)) return false;
    throw error;
  }
}
