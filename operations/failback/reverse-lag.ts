import type { Probe } from "../../functions/sentinel/probe";
import type { Image } from "../../functions/replication/stream-record";
import { isTooFarAhead, nextVersion, parseVersion } from "../../functions/replication/version";
import { lagProbeId } from "../../functions/replication/lag-probe-id";
import { reasonOf } from "../../command-line/command-error";
import type { DeployedRegion } from "../cli/deployed-regions";
import type { ApplyImage } from "../reconcile/apply";
import type { ReconciledTable } from "../reconcile/side";
import type { Gate } from "./gate";

/** What the gate works with. */
export interface LagGateContext {
  readonly primary: Pick<DeployedRegion, "name">;
  readonly secondary: Pick<DeployedRegion, "name" | "code">;
  /** Writes to the secondary's table by the rule of replication. */
  readonly write: ApplyImage;
  readonly secondaryTable: Pick<ReconciledTable, "get">;
  readonly primaryTable: Pick<ReconciledTable, "get">;
  /** Asks the secondary, whose clock times the probe. */
  readonly probe: () => Promise<Probe>;
  /** The longest that a write may take, in milliseconds. */
  readonly allowedMs: number;
  /** Milliseconds since some moment. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** The wait is over after so many times what is allowed, so that the figure says more than "too long". */
const TIMEOUT_FACTOR = 3;
const POLL_MS = 100;

/**
 * Replication from the secondary to the primary is about as quick as it should be: an item is written in the secondary, as
 * every write there replicates, and awaited in the primary's table.
 */
export async function reverseLag(context: LagGateContext): Promise<Gate> {
  const { primary, secondary, allowedMs } = context;
  const name = `writes in ${secondary.name} reach ${primary.name} within ${seconds(allowedMs)}`;
  try {
    const lag = await measureLag(context);
    if (lag === undefined)
      return { name, ok: false, figure: `timed out after ${seconds(allowedMs * TIMEOUT_FACTOR)}` };
    return { name, ok: lag <= allowedMs, figure: seconds(lag) };
  } catch (error) {
    context.signal.throwIfAborted();
    return { name, ok: false, figure: `could not be measured (${reasonOf(error)})` };
  }
}

/** @returns milliseconds; undefined when it did not arrive in the time that is given. */
async function measureLag(context: LagGateContext): Promise<number | undefined> {
  const { secondary, write, secondaryTable, primaryTable, allowedMs, now, sleep, signal } = context;
  const id = lagProbeId(secondary.code);
  const [time, before] = [await secondaryClock(context), await secondaryTable.get(id)];
  const version = nextVersion(secondary.code, time, plausibleVersion(before, secondary.code, time));
  const image: Image = {
    id: { S: id },
    version: { S: version },
    origin: { S: secondary.code },
    seen: { M: {} },
  };
  const started = now();
  await write(image);
  while (now() - started <= allowedMs * TIMEOUT_FACTOR) {
    const arrived = await primaryTable.get(id);
    if ((plausibleVersion(arrived, secondary.code, time) ?? "") >= version) return now() - started;
    await sleep(POLL_MS);
    signal.throwIfAborted();
  }
  return undefined;
}

/** The version of a probe that the region can have written by then; anything else under its key is replaced. */
function plausibleVersion(stored: Image | undefined, region: string, time: number): string | undefined {
  const version = parseVersion(stored?.version?.S);
  const isCredible =
    version?.region === region && stored?.origin?.S === region && !isTooFarAhead(version, time);
  return isCredible ? stored.version.S : undefined;
}

/** By the secondary's clock: a version by a wrong clock of this machine could be refused, or hide later probes. */
async function secondaryClock({ probe, secondary }: LagGateContext): Promise<number> {
  const { checkedAt, reason } = await probe();
  if (checkedAt !== undefined) return Date.parse(checkedAt);
  throw new Error(`${secondary.name} does not report its time: ${reason}`);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
