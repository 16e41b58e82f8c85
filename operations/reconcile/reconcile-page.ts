import { areEqualImages } from "../../functions/replication/content";
import { isPermanent } from "../../functions/replication/failure";
import { forEachBounded } from "../../functions/shared/for-each-bounded";
import type { Image } from "../../functions/shared/image";
import { parseVersion } from "../../functions/replication/version";
import { reasonOf } from "../../command-line/command-error";
import { areEqual, classifyItems, ItemState, stateOf } from "./items";
import type { PageOptions, Side } from "./side";
import { lacksListing, listItem, stampItem } from "./stamp";
import { increase, noteRejected, Tally } from "./tally";

/** Maximum keys of one BatchGetItem: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const BATCH_KEYS = 100;
const PARALLEL_BATCHES = 4;
const PARALLEL_REPAIRS = 8;
/** A younger write may still be in flight, and is not a difference yet. */
const IN_FLIGHT_MS = 3000;

/**
 * Compares a page of one side with the other side and repairs the differences.
 * @param tally updated during the work.
 */
export async function reconcilePage(
  images: readonly Image[],
  options: PageOptions,
  tally: Tally,
): Promise<void> {
  const { shared, rejected } = classifyItems(images, options.own, options.other);
  for (const finding of rejected) noteRejected(tally, finding);
  increase(tally.compared, options.own.name, shared.length);
  const comparable = await comparableItems(shared, options, tally);
  const differing = await findDifferences(comparable, options);
  await waitForInFlight(differing, options);
  await forEachBounded(differing, PARALLEL_REPAIRS, ({ id }) =>
    resolveDifference(id.S as string, options, tally),
  );
}

/** Returns the items with a version. Counts the others, or stamps those without one. */
async function comparableItems(
  images: readonly Image[],
  options: PageOptions,
  tally: Tally,
): Promise<Image[]> {
  const { own, now } = options;
  const comparable: Image[] = [];
  const plain: Image[] = [];
  const unlisted: Image[] = [];
  for (const image of images) {
    const id = image.id.S as string;
    const state = stateOf(image, now());
    if (state.kind === "malformed") fail(tally, `${id} in ${own.name}: ${state.reason}.`);
    else if (state.kind === "plain") plain.push(image);
    else {
      comparable.push(image);
      if (options.stamp && lacksListing(image)) unlisted.push(image);
    }
  }
  await forEachBounded(unlisted, PARALLEL_REPAIRS, async ({ id }) => {
    const listed = await listItem(id.S as string, options);
    tally.stamped += listed;
  });
  if (!options.stamp) tally.plain += plain.length;
  else if (options.dryRun) tally.stamped += plain.length;
  else
    await forEachBounded(plain, PARALLEL_REPAIRS, async (image) => {
      const stamped = await stampItem(image.id.S as string, options);
      tally.stamped += stamped;
      // It has a version now, so the comparison finds a difference and reads it again.
      comparable.push(image);
    });
  return comparable;
}

async function findDifferences(images: readonly Image[], options: PageOptions): Promise<Image[]> {
  const { own, other, first, deep, dryRun, now } = options;
  const batches: Image[][] = [];
  for (let start = 0; start < images.length; start += BATCH_KEYS)
    batches.push(images.slice(start, start + BATCH_KEYS));
  const differing: Image[] = [];
  await forEachBounded(batches, PARALLEL_BATCHES, async (batch) => {
    const others = await other.table.getMany(batch.map(({ id }) => id.S as string));
    for (const image of batch) {
      const there = others.get(image.id.S as string);
      // A dry run reports a difference in the first pass only.
      if (there && dryRun && own.name !== first) continue;
      const isSame = areEqual(stateOf(image, now()), stateOf(there, now()));
      const isSameInDepth = !deep || own.name !== first || !there || areEqualImages(image, there);
      if (!isSame || !isSameInDepth) differing.push(image);
    }
  });
  return differing;
}

/** Waits until the newest write should have been replicated, so that tables in use can be equal. */
async function waitForInFlight(differing: readonly Image[], { now, sleep }: PageOptions): Promise<void> {
  const times = differing.map(({ version }) => parseVersion(version?.S)?.milliseconds ?? 0);
  const wait = Math.min(Math.max(...times, 0) + IN_FLIGHT_MS - now(), IN_FLIGHT_MS);
  if (wait > 0) await sleep(wait);
}

/** Reads both items again, consistently, and copies the newer one if they still differ. */
async function resolveDifference(id: string, options: PageOptions, tally: Tally): Promise<void> {
  const { own, other } = options;
  const [here, there] = await Promise.all([readAgain(own, id, options), readAgain(other, id, options)]);
  if (areEqual(here.state, there.state)) {
    if (!options.deep || !here.image || !there.image || areEqualImages(here.image, there.image)) return;
    // The scan of the other table adds the listing attributes.
    if (options.stamp && [here.image, there.image].some(lacksListing)) return;
    return fail(tally, `${id}: both regions have the same version, but different content.`);
  }
  // An item without a usable version is counted when its own table is scanned.
  if (here.version === undefined || there.version === undefined) return;
  const [newer, older] = here.version > there.version ? [here, there] : [there, here];
  const finding = `${id}: ${older.side.name} has ${older.version || "nothing"} instead of ${newer.version}.`;
  await repair(newer.image as Image, older.side, finding, tally);
}

/** Current item. The version is empty for an absent item, and undefined if it is unusable. */
interface CurrentItem {
  readonly side: Side;
  readonly image: Image | undefined;
  readonly state: ItemState;
  readonly version: string | undefined;
}

async function readAgain(side: Side, id: string, { now }: PageOptions): Promise<CurrentItem> {
  const image = await side.table.get(id);
  const state = stateOf(image, now());
  if (state.kind === "versioned") return { side, image, state, version: state.version };
  return { side, image, state, version: state.kind === "absent" ? "" : undefined };
}

async function repair(image: Image, target: Side, finding: string, tally: Tally): Promise<void> {
  try {
    const { result, conflict } = await target.apply(image);
    // Otherwise replication was faster.
    if (result !== "applied") return;
    increase(tally.repaired, target.name);
    tally.findings.push(finding);
    if (conflict) tally.conflicts++;
  } catch (error) {
    if (!isPermanent(error)) throw error;
    fail(tally, `${image.id.S} cannot be written in ${target.name}: ${reasonOf(error)}`);
  }
}

function fail(tally: Tally, finding: string): void {
  tally.failed++;
  tally.findings.push(finding);
}
