import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CannotRun, reasonOf } from "../cannot-run";
import type { DeployedRegion } from "../deployment";

/** Runs the `aws` command line and gives the JSON that it prints. */
export type RunAws = (args: readonly string[]) => Promise<unknown>;

/** Replication in both directions, which can rest and go on; the streams keep what was written for a day. */
export interface PausedReplication {
  /** Waits until both mappings rest. */
  pause(): Promise<void>;
  /** Has those go on that were paused here; does nothing when none was. */
  resume(): Promise<void>;
}

/** A mapping takes its time to change its state: so often it is looked at, with so many milliseconds in between. */
const LOOKS = 60;
const LOOK_MS = 2000;

/**
 * Pauses event source mappings with the aws command line.
 * https://docs.aws.amazon.com/cli/latest/reference/lambda/update-event-source-mapping.html
 */
export function pausedReplication(
  regions: readonly DeployedRegion[],
  runAws: RunAws = awsCommandLine,
  lookMs = LOOK_MS,
): PausedReplication {
  const paused: { readonly region: string; readonly id: string }[] = [];
  return {
    async pause() {
      for (const region of regions) {
        const id = await mappingOf(region, runAws);
        paused.push({ region: region.code, id });
        await change(region.code, id, false, runAws, lookMs);
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
  throw new CannotRun(
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
  const which = ["--region", region, "--uuid", id];
  await runAws(["lambda", "update-event-source-mapping", ...which, enabled ? "--enabled" : "--no-enabled"]);
  const wanted = enabled ? "Enabled" : "Disabled";
  for (let look = 0; look < LOOKS; look++) {
    const { State } = (await runAws(["lambda", "get-event-source-mapping", ...which])) as { State: string };
    if (State === wanted) return;
    await new Promise((next) => setTimeout(next, lookMs));
  }
  throw new CannotRun(`The event source mapping ${id} in ${region} did not become ${wanted}; look at it.`);
}

async function awsCommandLine(args: readonly string[]): Promise<unknown> {
  try {
    const { stdout } = await promisify(execFile)("aws", [...args, "--output", "json"], { timeout: 60_000 });
    return JSON.parse(stdout);
  } catch (error) {
    throw new CannotRun(`The aws command line failed at ${args.slice(0, 2).join(" ")}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}
