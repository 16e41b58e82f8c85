import { Checkpoint, newCheckpoint, Scope } from "../../../operations/reconcile/checkpoint";
import { reconcile, ReconcileContext } from "../../../operations/reconcile/reconcile";
import type { Side } from "../../../operations/reconcile/side";
import { ReadRateLimiter } from "../../../operations/reconcile/read-rate";
import { previewFor } from "../../../operations/reconcile/apply";
import { IRELAND, NOW, SINGAPORE } from "../../../testing/tickets";
import { MemorySide } from "./memory-side";

/** Long after what the tests write, so that nothing counts as being on its way. */
export const LATER = NOW + 60 * 60 * 1000;

/** What a reconciliation in a test is of. */
export const SCOPE: Scope = {
  stack: "ireland",
  tables: [
    { name: "ireland", code: IRELAND, table: "tickets-i" },
    { name: "singapore", code: SINGAPORE, table: "tickets-s" },
  ],
  dryRun: false,
  stamp: false,
  deep: false,
};

/** Both sides, holding these items. */
export function twoSides(
  ireland: readonly object[] = [],
  singapore: readonly object[] = [],
): readonly [MemorySide, MemorySide] {
  return [new MemorySide("ireland", IRELAND, ireland), new MemorySide("singapore", SINGAPORE, singapore)];
}

/** Reconciles two sides in memory, two segments and two items a page, and gives the checkpoint at the end. */
export async function runReconcile(
  sides: readonly [MemorySide, MemorySide],
  options: Partial<ReconcileContext> = {},
): Promise<Checkpoint> {
  const { dryRun = false, stamp = false, deep = false } = options;
  const checkpoint = options.checkpoint ?? newCheckpoint({ ...SCOPE, dryRun, stamp, deep }, 2);
  const clock = { now: () => LATER, sleep: async () => undefined };
  const [first, second] = sides.map((side): Side => {
    const { name, code, table } = side;
    return { name, code, table, apply: dryRun ? previewFor(table) : side.apply };
  });
  await reconcile({
    sides: [first, second],
    readRate: new ReadRateLimiter(undefined, clock),
    pageSize: 2,
    onPage: async () => undefined,
    signal: new AbortController().signal,
    ...clock,
    ...options,
    dryRun,
    stamp,
    deep,
    checkpoint,
  });
  return checkpoint;
}
