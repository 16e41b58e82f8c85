import type { Checkpoint, SegmentPosition } from "./checkpoint";
import { reconcilePage } from "./reconcile-page";
import { PageOptions, type Side } from "./side";
import { addTo, emptyTally, workOf } from "./tally";
import type { ReadRateLimiter } from "./read-rate";

/** Dependencies and options of a run. */
export interface ReconcileContext extends Omit<PageOptions, "own" | "other" | "first"> {
  readonly sides: readonly [Side, Side];
  /** Updated during the run. */
  readonly checkpoint: Checkpoint;
  readonly readRate: ReadRateLimiter;
  /** Maximum items per page. */
  readonly pageSize: number;
  /** Called after every page that the checkpoint includes. */
  readonly onPage: () => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Scans the first table and looks up each page in the second one, then the reverse, and repairs the differences. A merge of two
 * scans is not possible, because DynamoDB defines no order for them. Memory use is one page per segment, regardless of the size
 * of the tables. After a stop or failure, pages in progress are completed, so that the checkpoint includes all work.
 * @throws the abort reason of the signal, or the first error of a table.
 */
export async function reconcile(context: ReconcileContext): Promise<void> {
  const [first, second] = context.sides;
  for (const [own, other] of [
    [first, second],
    [second, first],
  ]) {
    const failure = new AbortController();
    const signal = AbortSignal.any([context.signal, failure.signal]);
    const options = { ...context, signal, own, other, first: first.name };
    const segments = context.checkpoint.positions[own.name].map((position, segment) =>
      reconcileSegment(position, segment, options).catch((error) => failure.abort(error)),
    );
    await Promise.all(segments);
    signal.throwIfAborted();
  }
}

async function reconcileSegment(
  position: SegmentPosition,
  segment: number,
  options: ReconcileContext & PageOptions,
): Promise<void> {
  const { own, checkpoint, readRate, pageSize, signal } = options;
  const { segments, tally } = checkpoint;
  while (!position.done && !signal.aborted) {
    const page = await own.table.scan({ segment, segments, after: position.after, limit: pageSize });
    const found = emptyTally();
    try {
      await reconcilePage(page.images, options, found);
      addTo(tally, found);
    } catch (error) {
      // A later run reads the page again, but finds the repaired items equal.
      if (!options.dryRun) addTo(tally, workOf(found));
      throw error;
    }
    position.after = page.next;
    position.done = page.next === undefined;
    await options.onPage();
    // Each item was read in both tables.
    await readRate.take(2 * page.images.length);
  }
}
