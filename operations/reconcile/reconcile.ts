import type { Checkpoint, SegmentPosition } from "./checkpoint";
import { reconcilePage } from "./reconcile-page";
import { PageOptions, type Side } from "./side";
import { addTo, emptyTally, workOf } from "./tally";
import type { ReadRateLimiter } from "./read-rate";

/** What a reconciliation works with. */
export interface ReconcileContext extends Omit<PageOptions, "own" | "other" | "first"> {
  readonly sides: readonly [Side, Side];
  /** How far it is; is kept up to date. */
  readonly checkpoint: Checkpoint;
  readonly readRate: ReadRateLimiter;
  /** The most items to read at once. */
  readonly pageSize: number;
  /** Called after every page, when the checkpoint holds it. */
  readonly onPage: () => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Reads every segment of the first table and looks each page up in the second one, then the other way round, and repairs what
 * differs. Two scans cannot be joined, because DynamoDB defines no order for them. Memory holds one page per segment, whatever
 * the size of the tables.
 * When it is stopped or fails, pages that are under way are finished first, so the checkpoint holds all that was done.
 * @throws the signal's reason when it is stopped; the first error of a table.
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
      // The page is read again, but what was mended is found equal then.
      if (!options.dryRun) addTo(tally, workOf(found));
      throw error;
    }
    position.after = page.next;
    position.done = page.next === undefined;
    await options.onPage();
    // Both tables were read.
    await readRate.take(2 * page.images.length);
  }
}
