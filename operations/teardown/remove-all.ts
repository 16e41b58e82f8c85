import { CommandError } from "../../command-line/command-error";
import type { CommandContext } from "../cli/command";
import { exportState } from "../cli/stack-state";
import { deployedState, withRetention } from "./deployed-state";
import { deletingCommand, emptyBucket } from "./empty-bucket";
import { PulumiFailure, runPulumi } from "./run-pulumi";
import { placed, type StoredData } from "./stored-data";
import type { TeardownTarget } from "./target";
import { unprotectTable } from "./unprotect";

/** Maximum runs of `pulumi destroy`. Between two of them, buckets are emptied that received objects in the meantime. */
const MAXIMUM_RUNS = 3;

/**
 * Deletes every resource of a stack but the bucket of the audit trail. Each step can be repeated, so that a second teardown continues
 * after any interruption.
 *
 * The protection is turned off in the state of the engine and in DynamoDB, not by an `up` with `protectData: false`: that would run the
 * program of this checkout, which may differ from the deployed one, and change other resources before they are deleted.
 * @param kept buckets that stay. Their names are printed at the end.
 * @throws CommandError for the step that failed.
 */
export async function removeAll(
  target: TeardownTarget,
  kept: readonly StoredData[],
  context: CommandContext,
): Promise<void> {
  const { terminal, signal } = context;
  // Read again: while the operator confirmed, another run may have changed the state, and an import of the older one would lose that.
  const state = await exportState(target);
  const deployed = deployedState(state);
  const { tables, buckets, toRetain, toRelease, isProtected } = deployed;
  // First, so that no later step can delete the records of the audit trail.
  if (toRetain.length + toRelease.length > 0)
    await runPulumi(target, ["stack", "import"], context, JSON.stringify(withRetention(state, deployed)));
  if (isProtected) await runPulumi(target, ["state", "unprotect", "--all", "--yes"], context);
  try {
    for (const table of tables)
      if (await unprotectTable(target, table, signal))
        terminal.print(`Turned off the deletion protection of the table ${table.name}.`);
    await destroy(target, buckets, context);
    terminal.print(`The stack ${target.stack} has no resources any more.`);
    await printKept(target, kept, context);
  } catch (error) {
    const { stack, isLocal } = target;
    const command = isLocal ? "the same command" : `npm run teardown -- --stack ${stack}`;
    const protect = isLocal
      ? ""
      : ` To keep what is left and protect it again: pulumi up --refresh --stack ${stack}`;
    terminal.fail(
      `The teardown is not complete, and the data is no longer protected. To continue: ${command}.${protect}`,
    );
    // The bucket may have left the state, so that the next teardown does not know it.
    await printKept(target, kept, context);
    // A request that Ctrl-C aborts fails in the way of its client.
    signal.throwIfAborted();
    throw error;
  }
}

async function printKept(
  target: TeardownTarget,
  kept: readonly StoredData[],
  { terminal }: CommandContext,
): Promise<void> {
  for (const bucket of kept)
    terminal.print(
      `Kept: the bucket ${placed(bucket)}, with the records of the audit trail. ` +
        `To delete it: ${await deletingCommand(target, bucket)}`,
    );
}

/** Empties the buckets and destroys the stack. `pulumi destroy` previews first: a preview that fails deletes nothing. */
async function destroy(
  target: TeardownTarget,
  buckets: readonly StoredData[],
  context: CommandContext,
): Promise<void> {
  await emptyAll(target, buckets, context);
  for (let run = 1; ; run++)
    try {
      await runPulumi(target, ["destroy", "--yes"], context);
      return await expectNoResources(target, context.signal);
    } catch (error) {
      if (!(error instanceof PulumiFailure) || run === MAXIMUM_RUNS) throw error;
      // Until replication is deleted, it can store records in a bucket that was empty.
      const { buckets: left } = deployedState(await exportState(target));
      if ((await emptyAll(target, left, context)) === 0) throw error;
    }
}

/** A destroy that was cancelled exits with 0, as one that is complete. @throws CommandError if the state has resources. */
async function expectNoResources(target: TeardownTarget, signal: AbortSignal): Promise<void> {
  const { resources } = deployedState(await exportState(target));
  if (resources === 0) return;
  signal.throwIfAborted();
  throw new CommandError(
    `pulumi destroy ended, but the stack ${target.stack} still has ${resources} resources.`,
  );
}

/** @returns the number of deleted versions. */
async function emptyAll(
  target: TeardownTarget,
  buckets: readonly StoredData[],
  { terminal, signal }: CommandContext,
): Promise<number> {
  let total = 0;
  for (const bucket of buckets) {
    const count = await emptyBucket(target, bucket, signal);
    if (count > 0) terminal.print(`Deleted ${count} objects and versions of the bucket ${bucket.name}.`);
    total += count;
  }
  return total;
}
