import { canaryId } from "../../functions/health/canary";
import { heartbeatId } from "../../functions/heartbeat/heartbeat-id";
import { connectBoth, disconnect } from "../aws-clients";
import { CannotRun, reasonOf } from "../cannot-run";
import { COMMON_HELP, readOptions, wholeNumber } from "../command-line";
import { findDeployment, type DeployedRegion, type Deployment } from "../deployment";
import type { Surroundings } from "../main";
import { type ConnectedRegion, previewInto, ruleInto } from "../rule";
import { sleepUntil } from "../sleep";
import { newCheckpoint, type Scope } from "./checkpoint";
import { checkConflictTable, checkTable, reconciledTable } from "./dynamodb-table";
import { conflictSide } from "./conflict-side";
import { levelConflicts } from "./level-conflicts";
import { stateOf } from "./item-state";
import { reconcile, type ReconcileContext } from "./reconcile";
import { printSummary, progressLine } from "./report";
import { readResumeFile, ResumeFile } from "./resume-file";
import type { Side } from "./side";
import { exitCodeOf } from "./tally";
import { TokenBucket } from "./token-bucket";

const HELP = `Compares the tables of both regions and brings every write to where it is missing.

  npm run reconcile -- --stack NAME [options]

${COMMON_HELP}
  --segments NUMBER   parts of a table that are read at the same time, 1 to 64; 4 by default
  --rate NUMBER       the most items to read per second, both tables together; no bound by default
  --resume FILE       go on where FILE says an earlier run stopped, and keep the position in it
  --stamp             give items that have no version yet one, as a table that existed before needs,
                      and older tickets what they are listed by
  --deep              compare whole items, not their versions alone
  --help              this text

Exit code: 0 the tables are equal, 1 differences were repaired (in a dry run: found), 2 something could not be done.`;

const DEFAULT_SEGMENTS = 4;
const MAXIMUM_SEGMENTS = 64;
const MAXIMUM_RATE = 1_000_000;
/** Small enough for the memory of many segments, large enough for few calls. */
const PAGE_ITEMS = 500;

interface Options {
  readonly segments: number | undefined;
  readonly rate: number | undefined;
  readonly resume: string | undefined;
  readonly dryRun: boolean;
  readonly stamp: boolean;
  readonly deep: boolean;
}

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
    surroundings.terminal.print(HELP);
    return 0;
  }
  const options: Options = {
    segments: wholeNumber("--segments", values.segments, 1, MAXIMUM_SEGMENTS),
    rate: wholeNumber("--rate", values.rate, 1, MAXIMUM_RATE),
    resume: values.resume as string | undefined,
    dryRun: common.dryRun,
    stamp: values.stamp as boolean,
    deep: values.deep as boolean,
  };
  const deployment = await findDeployment(common);
  const connected = await connectBoth(deployment);
  try {
    return await reconcileDeployment(deployment, connected, options, surroundings);
  } finally {
    disconnect(connected);
  }
}

async function reconcileDeployment(
  deployment: Deployment,
  connected: readonly [ConnectedRegion, ConnectedRegion],
  options: Options,
  { terminal, signal }: Surroundings,
): Promise<number> {
  const sleep = sleepUntil(signal);
  const scope = scopeOf(deployment, options);
  const left = options.resume ? await readResumeFile(options.resume, scope, options.segments) : undefined;
  const counts = await Promise.all(connected.map(checkTable));
  await Promise.all(connected.map(checkConflictTable));
  const sides = sidesOf(connected, options, sleep);
  const checkpoint = left ?? newCheckpoint(scope, options.segments ?? DEFAULT_SEGMENTS);
  const localIds = localIdsOf(deployment.regions);
  if (!options.stamp) for (const side of sides) await expectVersions(side, localIds);
  const bucket = new TokenBucket(options.rate, { now: Date.now, sleep });
  const file = options.resume ? new ResumeFile(options.resume) : undefined;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const context: ReconcileContext = {
    sides,
    checkpoint,
    localIds,
    bucket,
    // A page is at most a second's worth.
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
  const [first, second] = connected.map((region) => conflictSide(region, options.dryRun, bucket, signal));
  const work = async (): Promise<void> => {
    await reconcile(context);
    checkpoint.tally.leveled = await levelConflicts([first, second]);
  };
  await runToEnd(work, () => file?.save(checkpoint), options.resume);
  await file?.remove();
  printSummary(checkpoint, terminal);
  return exitCodeOf(checkpoint.tally);
}

function sidesOf(
  [first, second]: readonly [ConnectedRegion, ConnectedRegion],
  { deep, dryRun }: Options,
  sleep: (milliseconds: number) => Promise<void>,
): readonly [Side, Side] {
  const sideOf = (own: ConnectedRegion, other: ConnectedRegion): Side => {
    const { name, code, table: tableName } = own.region;
    const table = reconciledTable(own.clients.dynamodb, tableName, { whole: deep, sleep });
    return { name, code, table, apply: dryRun ? previewInto(table) : ruleInto(own, other) };
  };
  return [sideOf(first, second), sideOf(second, first)];
}

/** @throws CannotRun that says why it stopped and how it can go on. */
async function runToEnd(
  work: () => Promise<void>,
  save: () => Promise<void> | undefined,
  resume: string | undefined,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    await save();
    const reason = error instanceof CannotRun ? error.message : `It could not go on: ${reasonOf(error)}.`;
    const remedy = resume ? `Go on with --resume ${resume}.` : "With --resume FILE it could go on from here.";
    throw new CannotRun(`${reason} ${remedy}`, { cause: error });
  }
}

function scopeOf({ stack, regions }: Deployment, { dryRun, stamp, deep }: Options): Scope {
  const tables = regions.map(({ name, code, table, endpoints }) => {
    return { name, code, table, endpoint: endpoints?.dynamodb };
  });
  return { stack, tables, dryRun, stamp, deep };
}

/** Canaries never leave their region, and a heartbeat that came any other way than by replication would hide that it stands still. */
function localIdsOf(regions: readonly DeployedRegion[]): Set<string> {
  return new Set(regions.flatMap(({ code }) => [canaryId(code), heartbeatId(code)]));
}

const SAMPLE_ITEMS = 100;

/** Refuses a table that existed before replication, before anything is written. */
async function expectVersions({ table, name, code }: Side, localIds: ReadonlySet<string>): Promise<void> {
  const position = { segment: 0, segments: 1, after: undefined, limit: SAMPLE_ITEMS };
  const { images } = await table.scan(position);
  const shared = images.filter(({ id }) => !localIds.has(id.S as string));
  if (shared.length === 0 || shared.some((image) => stateOf(image, Date.now()).kind !== "plain")) return;
  throw new CannotRun(
    `The items of the table in ${name} (${code}) have no version and origin; give them some with --stamp.`,
  );
}
