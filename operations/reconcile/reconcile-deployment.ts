import { printable } from "../../shared/printable";
import { CommandError, reasonOf } from "../../command-line/command-error";
import type { Deployment } from "../cli/deployment";
import type { CommandContext } from "../cli/command";
import { previewFor, applierFor } from "./apply-image";
import type { ConnectedRegion } from "../cli/aws-clients";
import { sleepUntil } from "../cli/sleep";
import { AWS_LIMITS, type CapacityLimits, limitCapacity } from "./capacity-budget";
import { type Checkpoint, newCheckpoint, readResumeFile, ResumeFile, type Scope } from "./checkpoint";
import { checkConflictTable, checkTable, reconciledTable } from "./dynamodb-table";
import { conflictSide, reconcileConflicts } from "./conflict-tables";
import { classifyItems, stateOf } from "./items";
import { reconcile, type ReconcileContext } from "./reconcile";
import { progressLine } from "./report";
import type { Side } from "./side";
import { noteRejected } from "./tally";
import { ReadRateLimiter } from "./read-rate";

/** Maximum printed length of a key, in characters. */
const MAXIMUM_KEY = 64;
const DEFAULT_SEGMENTS = 4;
/** Limits the memory of many segments and the number of calls. */
const PAGE_ITEMS = 500;

const UNLIMITED: CapacityLimits = { read: undefined, write: undefined };

/** Options of a run. */
export interface ReconcileOptions {
  /** Parallel scan segments per table; 4 by default. */
  readonly segments?: number;
  /** Maximum items read per second, both tables together; unlimited by default. */
  readonly rate?: number;
  /** Maximum read units per second in each region; without it, a share of a partition on AWS and unlimited on the local cloud. */
  readonly readUnits?: number;
  /** Maximum write units per second in each region, with those of the indexes; defaults as for `readUnits`. */
  readonly writeUnits?: number;
  /** Checkpoint file. */
  readonly resume?: string;
  /** Instruction added to the error message of an incomplete run. */
  readonly remedy?: string;
  readonly dryRun: boolean;
  readonly stamp: boolean;
  readonly deep: boolean;
}

/**
 * Compares the tables of both regions and, except in a dry run, copies every missing or newer version to the other region.
 * @returns the final checkpoint with all results.
 * @throws CommandError if the run failed or was stopped.
 */
export async function reconcileDeployment(
  deployment: Deployment,
  connected: readonly [ConnectedRegion, ConnectedRegion],
  options: ReconcileOptions,
  context: CommandContext,
): Promise<Checkpoint> {
  const { read, write } = deployment.naming.local ? UNLIMITED : AWS_LIMITS;
  const limits = { read: options.readUnits ?? read, write: options.writeUnits ?? write };
  const clock = { now: Date.now, sleep: sleepUntil(context.signal) };
  const ends = connected.map(({ clients }) => limitCapacity(clients.dynamodb, limits, clock));
  try {
    return await reconcileConnected(deployment, connected, options, context);
  } finally {
    for (const end of ends) end();
  }
}

async function reconcileConnected(
  deployment: Deployment,
  connected: readonly [ConnectedRegion, ConnectedRegion],
  options: ReconcileOptions,
  { terminal, signal }: CommandContext,
): Promise<Checkpoint> {
  const sleep = sleepUntil(signal);
  const scope = scopeOf(deployment, options);
  const left = options.resume ? await readResumeFile(options.resume, scope, options.segments) : undefined;
  const counts = await Promise.all(connected.map(checkTable));
  await Promise.all(connected.map(checkConflictTable));
  const sides = sidesOf(connected, options, sleep);
  const checkpoint = left ?? newCheckpoint(scope, options.segments ?? DEFAULT_SEGMENTS);
  if (!options.stamp) {
    await expectVersions(sides[0], sides[1]);
    await expectVersions(sides[1], sides[0]);
  }
  const readRate = new ReadRateLimiter(options.rate, { now: Date.now, sleep });
  const file = options.resume ? new ResumeFile(options.resume) : undefined;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const context: ReconcileContext = {
    sides,
    checkpoint,
    readRate,
    // A page is at most one second of the rate.
    pageSize: Math.max(1, Math.min(PAGE_ITEMS, Math.floor((options.rate ?? Infinity) / 2))),
    dryRun: options.dryRun,
    stamp: options.stamp,
    deep: options.deep,
    now: Date.now,
    sleep,
    signal,
    async onPage() {
      terminal.progress(progressLine(checkpoint.tally, total));
      await file?.save(checkpoint);
    },
  };
  const [first, second] = connected.map((region) => conflictSide(region, options.dryRun, readRate, signal));
  const work = async (): Promise<void> => {
    await reconcile(context);
    const { tally } = checkpoint;
    tally.leveled = await reconcileConflicts([first, second], Date.now, ({ id }) =>
      noteRejected(tally, `The conflict with the key ${printable(id, MAXIMUM_KEY)} belongs to no ticket.`),
    );
  };
  await runOrSave(work, () => file?.save(checkpoint), options.remedy);
  await file?.remove();
  return checkpoint;
}

function sidesOf(
  [first, second]: readonly [ConnectedRegion, ConnectedRegion],
  { deep, dryRun }: ReconcileOptions,
  sleep: (milliseconds: number) => Promise<void>,
): readonly [Side, Side] {
  const sideOf = (own: ConnectedRegion, other: ConnectedRegion): Side => {
    const { name, code, table: tableName } = own.region;
    const table = reconciledTable(own.clients.dynamodb, tableName, { whole: deep, sleep });
    return { name, code, table, apply: dryRun ? previewFor(table) : applierFor(own, other) };
  };
  return [sideOf(first, second), sideOf(second, first)];
}

/** Saves the checkpoint if the work fails. @throws CommandError with the reason and the remedy. */
async function runOrSave(
  work: () => Promise<void>,
  save: () => Promise<void> | undefined,
  remedy: string | undefined,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    await save();
    const reason = error instanceof CommandError ? error.message : `The command failed: ${reasonOf(error)}.`;
    throw new CommandError(remedy === undefined ? reason : `${reason} ${remedy}`, { cause: error });
  }
}

function scopeOf({ stack, regions }: Deployment, { dryRun, stamp, deep }: ReconcileOptions): Scope {
  const tables = regions.map(({ name, code, table, endpoints }) => {
    return { name, code, table, endpoint: endpoints?.dynamodb };
  });
  return { stack, tables, dryRun, stamp, deep };
}

const SAMPLE_ITEMS = 100;

/** Checks a sample of the items before anything is written. @throws CommandError for a table that existed before replication. */
async function expectVersions(side: Side, other: Side): Promise<void> {
  const { table, name, code } = side;
  const position = { segment: 0, segments: 1, after: undefined, limit: SAMPLE_ITEMS };
  const { images } = await table.scan(position);
  const { shared } = classifyItems(images, side, other);
  if (shared.length === 0 || shared.some((image) => stateOf(image, Date.now()).kind !== "plain")) return;
  throw new CommandError(
    `The items of the table in ${name} (${code}) have no version and origin. To add them, use --stamp.`,
  );
}
