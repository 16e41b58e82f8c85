import { wrappedFor } from "../../command-line/terminal";
import { connectBoth, disconnect } from "../aws-clients";
import { COMMON_HELP, readOptions, wholeNumber } from "../command-line";
import { findDeployment } from "../deployment";
import type { Surroundings } from "../main";
import { reconcileDeployment, type ReconcileOptions } from "./reconcile-deployment";
import { printSummary } from "./report";
import { exitCodeOf } from "./tally";

const HELP = `Compares the tables of both regions and brings every write to where it is missing.

  npm run reconcile -- --stack NAME [options]

${COMMON_HELP}
  --segments NUMBER   parts of a table that are read at the same time, 1 to 64; 4 by default
  --rate NUMBER       the most items to read per second, both tables together; no bound by default
  --resume FILE       go on where FILE says an earlier run stopped, and keep the position in it
  --stamp             give items that have no version yet one, as a table that existed before needs, and older tickets what they are listed by
  --deep              compare whole items, not their versions alone
  --help              this text

Exit code: 0 the tables are equal, 1 differences were repaired (in a dry run: found), 2 something could not be done.`;

const MAXIMUM_SEGMENTS = 64;
const MAXIMUM_RATE = 1_000_000;

/** `npm run reconcile`. @throws CannotRun when nothing could be done, or it was stopped. */
export async function reconcileCommand(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { common, values } = readOptions("reconcile", args, {
    segments: { type: "string" },
    rate: { type: "string" },
    resume: { type: "string" },
    stamp: { type: "boolean", default: false },
    deep: { type: "boolean", default: false },
  });
  if (common.help) {
    surroundings.terminal.print(wrappedFor(HELP));
    return 0;
  }
  const resume = values.resume as string | undefined;
  const options: ReconcileOptions = {
    segments: wholeNumber("--segments", values.segments, 1, MAXIMUM_SEGMENTS),
    rate: wholeNumber("--rate", values.rate, 1, MAXIMUM_RATE),
    resume,
    remedy: resume ? `Go on with --resume ${resume}.` : "With --resume FILE it could go on from here.",
    dryRun: common.dryRun,
    stamp: values.stamp as boolean,
    deep: values.deep as boolean,
  };
  const deployment = await findDeployment(common);
  const connected = await connectBoth(deployment);
  try {
    const checkpoint = await reconcileDeployment(deployment, connected, options, surroundings);
    printSummary(checkpoint, surroundings.terminal);
    return exitCodeOf(checkpoint.tally);
  } finally {
    disconnect(connected);
  }
}
