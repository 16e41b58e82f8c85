import { awsCommandLine, type RunAws } from "../cli/aws-command-line";
import { CommandError } from "../../command-line/command-error";
import type { DeployedRegion } from "../cli/deployed-regions";

/** Replication in both directions, which can rest and go on; the streams keep what was written for a day. */
export interface PausedReplication {
  /** Finds both mappings. @throws CommandError when they cannot be found, or there is no `aws` command line. */
  find(): Promise<void>;
  /** Waits until both mappings rest. */
  pause(): Promise<void>;
  /** Has those go on that were paused here; does nothing when none was. */
  resume(): Promise<void>;
}

/** How mappings are paused. */
export interface PausingOptions {
  readonly runAws?: RunAws;
  /** Between two looks at a mapping, in milliseconds. */
  readonly lookMs?: number;
  /** A line for the operator. */
  readonly say: (line: string) => void;
}

/** A mapping takes its time to change its state: so often it is looked at, with so many milliseconds in between. */
const LOOKS = 60;
const LOOK_MS = 2000;
/** https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html: the mapping is still changing. */
const STILL_CHANGING = /ResourceInUseException/;

/**
 * Pauses event source mappings with the aws command line.
 * https://docs.aws.amazon.com/cli/latest/reference/lambda/update-event-source-mapping.html
 */
export function pausedReplication(
  regions: readonly DeployedRegion[],
  { runAws = awsCommandLine, lookMs = LOOK_MS, say }: PausingOptions,
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
      // Before anything rests: whoever loses this terminal must be able to have it go on.
      say("Pausing replication. If this drill crashes before it resumes replication, run:");
      for (const { region, id } of mappings) say(`  aws ${updateOf(region, id, true).join(" ")}`);
      for (const mapping of mappings) {
        paused.push(mapping);
        await change(mapping.region, mapping.id, false, runAws, lookMs);
      }
    },
    async resume() {
      // From the last on, and forgotten only when it goes on again: after a failure the next call does the rest.
      for (let last = paused.at(-1); last; last = paused.at(-1)) {
        await change(last.region, last.id, true, runAws, lookMs);
        paused.pop();
      }
    },
  };
}

interface Mapping {
  /** AWS code. */
  readonly region: string;
  readonly id: string;
}

async function mappingOf({ code, name, table }: DeployedRegion, runAws: RunAws): Promise<string> {
  const { Table } = (await runAws([
    "dynamodb",
    "describe-table",
    "--region",
    code,
    "--table-name",
    table,
  ])) as {
    Table: { LatestStreamArn?: string };
  };
  const stream = Table.LatestStreamArn ?? "";
  const { EventSourceMappings } = (await runAws([
    ...["lambda", "list-event-source-mappings", "--region", code, "--event-source-arn", stream],
  ])) as { EventSourceMappings: { UUID: string }[] };
  if (EventSourceMappings.length === 1) return EventSourceMappings[0].UUID;
  throw new CommandError(
    `The table of ${name} has ${EventSourceMappings.length} event source mappings; a drill pauses exactly one.`,
  );
}

async function change(
  region: string,
  id: string,
  enabled: boolean,
  runAws: RunAws,
  lookMs: number,
): Promise<void> {
  const update = updateOf(region, id, enabled);
  const wanted = enabled ? "Enabled" : "Disabled";
  let isTold = false;
  for (let look = 0; look < LOOKS; look++) {
    isTold ||= await tell(update, runAws);
    const { State } = (await runAws([
      ...["lambda", "get-event-source-mapping", "--region", region, "--uuid", id],
    ])) as { State: string };
    if (isTold && State === wanted) return;
    await new Promise((next) => setTimeout(next, lookMs));
  }
  throw new CommandError(
    `The event source mapping ${id} in ${region} did not become ${wanted}. Check it, then run: aws ${update.join(" ")}`,
  );
}

function updateOf(region: string, id: string, enabled: boolean): string[] {
  const which = ["--region", region, "--uuid", id];
  return ["lambda", "update-event-source-mapping", ...which, enabled ? "--enabled" : "--no-enabled"];
}

/** @returns false while the mapping is still changing, and takes no other change. */
async function tell(update: readonly string[], runAws: RunAws): Promise<boolean> {
  try {
    await runAws(update);
    return true;
  } catch (error) {
    if (STILL_CHANGING.test((error as Error).message)) return false;
    throw error;
  }
}
