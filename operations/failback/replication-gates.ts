import { lagProbeIds } from "../../functions/shared/reserved-items";
import type { Image } from "../../functions/shared/image";
import { isTooFarAhead, nextVersion, parseVersion } from "../../functions/replication/version";
import type { ProbeResult } from "../../functions/sentinel/health-probe";
import { CommandError, reasonOf } from "../../command-line/command-error";
import type { ConnectedRegion } from "../cli/aws-clients";
import type { CommandContext } from "../cli/command";
import type { DeployedRegion } from "../cli/deployed-regions";
import type { Deployment } from "../cli/deployment";
import type { ApplyImage } from "../reconcile/apply-image";
import { reconcileDeployment } from "../reconcile/reconcile-deployment";
import { sum, type Tally } from "../reconcile/tally";
import { confirmedCount, countedQueue, type ConfirmationOptions } from "../redrive/queue-counts";
import { countObjects } from "../redrive/failure-objects";
import type { Gate } from "./gate";

/** Dependencies and limit of the lag gate. */
export interface LagGateContext {
  readonly primary: Pick<DeployedRegion, "name">;
  readonly secondary: Pick<DeployedRegion, "name" | "code">;
  /** Writes to the secondary's table under the apply rule of replication. */
  readonly write: ApplyImage;
  /** Return the stored items among some keys of a region's table, by key. */
  readonly readSecondary: ReadItems;
  readonly readPrimary: ReadItems;
  /** Reads the secondary's health route, which returns the time of that region's clock. */
  readonly probe: () => Promise<ProbeResult>;
  /** Maximum lag in milliseconds. */
  readonly allowedMs: number;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly signal: AbortSignal;
}

type ReadItems = (ids: readonly string[]) => Promise<ReadonlyMap<string, Image>>;

/** The gate waits for this multiple of the allowed lag, so that it can report how long a slow write took. */
const TIMEOUT_FACTOR = 3;
const POLL_MS = 100;

/**
 * Gate: replication from the secondary to the primary is fast enough in all shards of the stream. Writes the items of a lag probe in
 * the secondary, and polls the primary's table until the last of them arrives.
 */
export async function reverseLag(context: LagGateContext): Promise<Gate> {
  const { primary, secondary, allowedMs } = context;
  const name = `writes in ${secondary.name} reach ${primary.name} within ${seconds(allowedMs)}`;
  try {
    const { lagMs, missing, sent } = await measureLag(context);
    if (missing === 0) return { name, ok: lagMs <= allowedMs, figure: seconds(lagMs) };
    const figure = `timed out after ${seconds(allowedMs * TIMEOUT_FACTOR)}, ${missing} of ${sent} writes did not arrive`;
    return { name, ok: false, figure };
  } catch (error) {
    context.signal.throwIfAborted();
    return { name, ok: false, figure: `could not be measured (${reasonOf(error)})` };
  }
}

/** Returns the time until the last item arrived, and how many did not before the timeout. */
async function measureLag(
  context: LagGateContext,
): Promise<{ readonly lagMs: number; readonly missing: number; readonly sent: number }> {
  const { secondary, write, readSecondary, readPrimary, allowedMs, now, sleep, signal } = context;
  const ids = lagProbeIds(secondary.code);
  const [time, before] = [await secondaryClock(context), await readSecondary(ids)];
  const versionIn = (items: ReadonlyMap<string, Image>, id: string): string =>
    plausibleVersion(items.get(id), secondary.code, time) ?? "";
  const newest = ids.map((id) => versionIn(before, id)).reduce((one, other) => (one > other ? one : other));
  const version = nextVersion(secondary.code, time, newest);
  const imageOf = (id: string): Image => ({
    ...{ id: { S: id }, version: { S: version } },
    ...{ origin: { S: secondary.code }, seen: { M: {} } },
  });
  const started = now();
  await Promise.all(ids.map((id) => write(imageOf(id))));
  for (;;) {
    const arrived = await readPrimary(ids);
    const missing = ids.filter((id) => versionIn(arrived, id) < version).length;
    const lagMs = now() - started;
    if (missing === 0 || lagMs > allowedMs * TIMEOUT_FACTOR) return { lagMs, missing, sent: ids.length };
    await sleep(POLL_MS);
    signal.throwIfAborted();
  }
}

/** Returns the version of a stored lag probe; undefined if the region cannot have written it, in which case it is overwritten. */
function plausibleVersion(stored: Image | undefined, region: string, time: number): string | undefined {
  const version = parseVersion(stored?.version?.S);
  const isPlausible =
    version?.region === region && stored?.origin?.S === region && !isTooFarAhead(version, time);
  return isPlausible ? stored.version.S : undefined;
}

/** Time of the secondary's clock. With a wrong clock of this machine, the version could be rejected or could hide later probes. */
async function secondaryClock({ probe, secondary }: LagGateContext): Promise<number> {
  const { checkedAt, reason } = await probe();
  if (checkedAt !== undefined) return Date.parse(checkedAt);
  throw new Error(`${secondary.name} does not report its time: ${reason}`);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/**
 * Gate: the quarantine queues and failure buckets of both directions are empty. The counts of a queue lag by about a minute, so an empty
 * one is watched for that time: a message that was quarantined just now, or that a running redrive hides, keeps the gate closed.
 */
export async function nothingQuarantined(
  connected: readonly ConnectedRegion[],
  options: ConfirmationOptions,
): Promise<Gate> {
  const name = "quarantine queues and failure buckets are empty";
  try {
    const counts = await Promise.all(connected.map((region) => countQuarantined(region, options)));
    const figure = counts.map(({ text }) => text).join("; ");
    return { name, ok: counts.every(({ count }) => count === 0), figure };
  } catch (error) {
    options.signal.throwIfAborted();
    return { name, ok: false, figure: `could not be counted (${reasonOf(error)})` };
  }
}

async function countQuarantined(
  { region, clients }: ConnectedRegion,
  options: ConfirmationOptions,
): Promise<{ count: number; text: string }> {
  const queue = countedQueue(clients.sqs, region.quarantineQueue, options.lagSeconds);
  const { visible, hidden } = await confirmedCount(queue, options);
  // Counted last, because the queue can take a minute.
  const objects = await countObjects(clients.s3, region.failureBucket);
  const messages = visible + hidden;
  const hiding = hidden > 0 ? ` (${hidden} hidden by another command, such as redrive)` : "";
  const text = `${region.name}: ${messages} in quarantine${hiding}, ${objects} in failure bucket`;
  return { count: messages + objects, text };
}

/**
 * Gate: a dry run of reconcile finds no differences. Items that may not cross regions are reported but do not count: no
 * client can read them, and a forged one must not block the failback.
 */
export async function noDifferences(
  deployment: Deployment,
  connected: readonly [ConnectedRegion, ConnectedRegion],
  context: CommandContext,
): Promise<Gate> {
  const name = "reconcile finds no differences";
  const options = { dryRun: true, stamp: false, deep: false };
  try {
    const { tally } = await reconcileDeployment(deployment, connected, options, context);
    return { name, ...toGateResult(tally) };
  } catch (error) {
    context.signal.throwIfAborted();
    const reason = error instanceof CommandError ? error.message : reasonOf(error);
    return { name, ok: false, figure: `the tables could not be compared: ${reason}` };
  }
}

function toGateResult({
  compared,
  repaired,
  leveled,
  plain,
  failed,
  rejected,
  findings,
}: Tally): Pick<Gate, "ok" | "figure"> {
  const counts = Object.entries(compared).map(([region, count]) => `${count} items of ${region}`);
  const differences = sum(repaired) + leveled + plain + failed;
  const rejectedNote =
    rejected > 0 ? `, and ${rejected} items that may not cross regions: see npm run reconcile` : "";
  const figure = `${differences} ${differences === 1 ? "difference" : "differences"} in ${counts.join(" and ")}${rejectedNote}`;
  if (differences === 0) return { ok: true, figure };
  const [first = "run npm run reconcile with --dry-run"] = findings;
  return { ok: false, figure: `${figure}; ${first}` };
}
