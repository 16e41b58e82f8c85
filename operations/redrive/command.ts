import { wrappedFor } from "../../command-line/terminal";
import { CommandError, reasonOf } from "../../command-line/command-error";
import { COMMON_HELP, readOptions } from "../cli/command-line";
import { findDeployment, type Deployment } from "../cli/deployment";
import type { DeployedRegion } from "../cli/deployed-regions";
import type { CommandContext } from "../cli/command";
import { sleepUntil } from "../cli/sleep";
import { checkConflictTable, checkTable, reconciledTable } from "../reconcile/dynamodb-table";
import type { ReconciledTable } from "../reconcile/side";
import { operatorName, reasonIn } from "../routing/operator";
import { type ApplyImage, previewFor, applierFor } from "../reconcile/apply-image";
import { connectBoth, disconnect, type ConnectedRegion } from "../cli/aws-clients";
import { checkBucket, failureObjects, redriveObjects } from "./failure-objects";
import { redriveQueue, sqsQueue } from "./quarantine-queue";
import { confirmedCount, countedQueue, countLagSeconds, countMessages } from "./queue-counts";
import type { ReplayContext } from "./replay";
import type { ItemReader } from "./settlement";
import { emptySummary, progressLine, summaryLines } from "./summary";

const HELP = `Replays records that replication could not apply: quarantined records, and records in the failure buckets.

  npm run redrive -- --stack NAME [options]

${COMMON_HELP}
  --region NAME       only records written in this region (alias or AWS code); both regions by default
  --discard "REASON"  also delete records that can never be applied and are not settled. Each is first printed in full, as a line of JSON with operator, time and reason. Use --dry-run first: it prints the same records
  --help              show this help

Deletes a record when it was applied, or when the other region has a newer version. Also deletes a settled record: one that cannot be applied while both regions already have the same version of its item, and that version is not older than the record. A settled record without a readable version is first printed in full. Everything else stays, with the reason and what to do.
Exit code: 0 nothing is left; 1 something still fails, is hidden by another run or, in a dry run, would be applied or discarded; 2 the command failed.`;

/** Visibility timeout of received messages. It matters only if the command is killed, because the command releases them at the end. */
const HIDDEN_SECONDS = 300;
/** Shorter, because a dry run changes nothing, but long enough to read all messages once. */
const HIDDEN_IN_DRY_RUN_SECONDS = 30;

/** One direction of replication. */
interface Direction {
  readonly source: ConnectedRegion;
  readonly context: ReplayContext;
}

/** Runs `npm run redrive`. @throws CommandError if the command failed or was stopped. */
export async function redriveCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { common, values } = readOptions("redrive", args, {
    region: { type: "string" },
    discard: { type: "string" },
  });
  if (common.help) {
    context.terminal.print(wrappedFor(HELP));
    return 0;
  }
  const discard = values.discard === undefined ? undefined : reasonIn("--discard", values.discard);
  const deployment = await findDeployment(common);
  const audit = { stack: deployment.stack, by: operatorName(), discard, print: context.terminal.print };
  const chosen = chosenRegions(deployment, values.region as string | undefined);
  const connected = await connectBoth(deployment);
  try {
    return await redriveRegions(
      connected,
      chosen,
      { dryRun: common.dryRun, audit, lagSeconds: countLagSeconds(deployment) },
      context,
    );
  } finally {
    disconnect(connected);
  }
}

function chosenRegions(
  { stack, regions }: Deployment,
  wanted: string | undefined,
): readonly DeployedRegion[] {
  const chosen = regions.filter(
    ({ name, code }) => wanted === undefined || wanted === name || wanted === code,
  );
  if (chosen.length > 0) return chosen;
  const names = regions.map(({ name, code }) => `${name} (${code})`).join(" and ");
  throw new CommandError(`The stack ${stack} has no region ${wanted}; its regions are ${names}.`);
}

async function redriveRegions(
  connected: readonly [ConnectedRegion, ConnectedRegion],
  chosen: readonly DeployedRegion[],
  { dryRun, audit, lagSeconds }: Pick<ReplayContext, "dryRun" | "audit"> & { readonly lagSeconds: number },
  { terminal, signal }: CommandContext,
): Promise<number> {
  const summary = emptySummary();
  const [first, second] = connected;
  const tables = [readerOf(first), readerOf(second)] as const;
  const onProgress = (): void => terminal.progress(progressLine(summary));
  const directions = [
    { source: first, target: second },
    { source: second, target: first },
  ]
    .filter(({ source }) => chosen.includes(source.region))
    .map(({ source, target }): Direction => {
      const apply = dryRun ? previewOf(target) : applierFor(target, source);
      const sourceCode = source.region.code;
      const common = { tables, dryRun, audit, now: Date.now, summary, onProgress, signal };
      return { source, context: { sourceCode, apply, ...common } };
    });
  for (const region of connected) await checkTable(region);
  for (const region of connected) await checkConflictTable(region);
  for (const direction of directions) await printBacklog(direction, lagSeconds, terminal.print);
  try {
    for (const direction of directions) await redriveDirection(direction);
    signal.throwIfAborted();
  } catch (error) {
    for (const line of summaryLines(summary, dryRun)) terminal.print(line);
    throw new CommandError(`${stopReason(error)} Records that were not applied or removed are unchanged.`, {
      cause: error,
    });
  }
  for (const line of summaryLines(summary, dryRun)) terminal.print(line);
  const wouldChange = dryRun ? summary.applied + summary.discarded : 0;
  if (summary.failing + wouldChange > 0) return 1;
  // A dry run leaves its own messages in the queue, and the counts at the beginning can be from before an earlier run ended.
  if (dryRun) return 0;
  // The counts at the beginning can be from before another run hid its messages.
  const left = await Promise.all(
    directions.map(({ source }) => printHidden(source, lagSeconds, { terminal, signal })),
  );
  return left.some((count) => count > 0) ? 1 : 0;
}

function previewOf(target: ConnectedRegion): ApplyImage {
  return previewFor(tableOf(target));
}

function readerOf(connected: ConnectedRegion): ItemReader {
  return { name: connected.region.name, get: tableOf(connected).get };
}

function tableOf({ region, clients }: ConnectedRegion): ReconciledTable {
  return reconciledTable(clients.dynamodb, region.table, { whole: true, sleep: async () => undefined });
}

function stopReason(error: unknown): string {
  return error instanceof CommandError ? error.message : `The command failed: ${reasonOf(error)}.`;
}

/** Prints the number of messages. Also checks that the queue and the bucket can be read, before anything is changed. */
async function printBacklog(
  { source }: Direction,
  lagSeconds: number,
  print: (line: string) => void,
): Promise<void> {
  const { region, clients } = source;
  await checkBucket(clients.s3, region.failureBucket);
  const { visible, hidden } = await countMessages(clients.sqs, region.quarantineQueue);
  const age = lagSeconds > 0 ? ` up to ${Math.ceil(lagSeconds)} s ago` : "";
  print(
    `${region.name}: about ${visible} messages in quarantine${age}; also reading the objects in ${region.failureBucket}.`,
  );
  if (hidden > 0)
    print(`About ${hidden} more were hidden${age}, by a run that has ended or by one that still runs.`);
}

/**
 * Checks whether messages that another run has hidden are still in the queue, and prints what to do. Takes longer than the counts can lag.
 * @returns the number of messages.
 */
async function printHidden(
  { region, clients }: ConnectedRegion,
  lagSeconds: number,
  { terminal, signal }: CommandContext,
): Promise<number> {
  terminal.progress(
    `watching the quarantine of ${region.name}, whose counts are up to ${Math.ceil(lagSeconds)} s old`,
  );
  const queue = countedQueue(clients.sqs, region.quarantineQueue, lagSeconds);
  const { visible, hidden } = await confirmedCount(queue, { lagSeconds, sleep: sleepUntil(signal), signal });
  if (hidden > 0)
    terminal.print(
      `About ${hidden} messages of ${region.name} are hidden by another run. Run this command again in ${HIDDEN_SECONDS / 60} minutes.`,
    );
  else if (visible > 0)
    terminal.print(`About ${visible} messages of ${region.name} are visible again. Run this command again.`);
  return visible + hidden;
}

async function redriveDirection({ source, context }: Direction): Promise<void> {
  const { region, clients } = source;
  const hidden = context.dryRun ? HIDDEN_IN_DRY_RUN_SECONDS : HIDDEN_SECONDS;
  const queue = sqsQueue(clients.sqs, region.quarantineQueue, hidden);
  await redriveQueue(queue, `${region.name}'s quarantine`, context);
  const objects = failureObjects(clients.s3, region.failureBucket);
  await redriveObjects(objects, `${region.name}'s failures`, context);
}
