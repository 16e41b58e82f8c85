import { wrappedFor } from "../../command-line/terminal";
import { connectBoth, disconnect } from "../cli/aws-clients";
import { COMMON_HELP, readOptions, wholeNumber } from "../cli/command-line";
import { findDeployment } from "../cli/deployment";
import type { CommandContext } from "../cli/command";
import { AWS_LIMITS } from "./capacity-budget";
import { reconcileDeployment, type ReconcileOptions } from "./reconcile-deployment";
import { printSummary } from "./report";
import { exitCodeOf } from "./tally";

const HELP = `Compares the tables of both regions and copies every missing or newer version to the other region.

  npm run reconcile -- --stack NAME [options]

${COMMON_HELP}
  --segments NUMBER   parallel scan segments per table, 1 to 64; 4 by default
  --rate NUMBER       maximum items read per second, both tables together; unlimited by default
  --reads NUMBER      maximum read units per second in each region; on AWS ${AWS_LIMITS.read} by default, otherwise unlimited
  --writes NUMBER     maximum write units per second in each region, with those of the indexes; on AWS ${AWS_LIMITS.write} by default, otherwise unlimited
  --resume FILE       save the position to FILE, and continue from it if the file exists
  --stamp             add a version to items without one (for a table that existed before replication), and listing attributes to older tickets
  --deep              compare whole items, not only versions
  --help              show this help

Exit code: 0 the tables are equal; 1 differences were repaired (in a dry run: found); 2 the command failed, or some items could not be compared or repaired.`;

const MAXIMUM_SEGMENTS = 64;
const MAXIMUM_RATE = 1_000_000;

/** Runs `npm run reconcile`. @throws CommandError if the command failed or was stopped. */
export async function reconcileCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { common, values } = readOptions("reconcile", args, {
    segments: { type: "string" },
    rate: { type: "string" },
    reads: { type: "string" },
    writes: { type: "string" },
    resume: { type: "string" },
    stamp: { type: "boolean", default: false },
    deep: { type: "boolean", default: false },
  });
  if (common.help) {
    context.terminal.print(wrappedFor(HELP));
    return 0;
  }
  const resume = values.resume as string | undefined;
  const options: ReconcileOptions = {
    segments: wholeNumber("--segments", values.segments, 1, MAXIMUM_SEGMENTS),
    rate: wholeNumber("--rate", values.rate, 1, MAXIMUM_RATE),
    readUnits: wholeNumber("--reads", values.reads, 1, MAXIMUM_RATE),
    writeUnits: wholeNumber("--writes", values.writes, 1, MAXIMUM_RATE),
    resume,
    remedy: resume
      ? `To continue from here: --resume ${resume}.`
      : "With --resume FILE, a later run can continue where this one stopped.",
    dryRun: common.dryRun,
    stamp: values.stamp as boolean,
    deep: values.deep as boolean,
  };
  const deployment = await findDeployment(common);
  const connected = await connectBoth(deployment);
  try {
    const checkpoint = await reconcileDeployment(deployment, connected, options, context);
    printSummary(checkpoint, context.terminal);
    return exitCodeOf(checkpoint.tally);
  } finally {
    disconnect(connected);
  }
}
