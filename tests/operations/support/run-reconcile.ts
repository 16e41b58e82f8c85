import { Checkpoint, newCheckpoint, Scope } from "../../../operations/reconcile/checkpoint";
import { reconcile, ReconcileContext } from "../../../operations/reconcile/reconcile";
import type { Side } from "../../../operations/reconcile/side";
import { ReadRateLimiter } from "../../../operations/reconcile/read-rate";
import { previewFor } from "../../../operations/reconcile/apply-image";
import { IRELAND, NOW, SINGAPORE } from "../../../testing/tickets";
import { MemorySide } from "./memory-side";

/** Long after the writes of the tests, so that no write is in flight. */
export const LATER = NOW + 60 * 60 * 1000;

/** Scope of the test runs. */
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

/** Creates both sides with these items. */
export function twoSides(
  ireland: readonly object[] = [],
  singapore: readonly object[] = [],
): readonly [MemorySide, MemorySide] {
  return [new MemorySide("ireland", IRELAND, ireland), new MemorySide("singapore", SINGAPORE, singapore)];
}

/** Reconciles two in-memory sides with two segments and two items per page; returns the final checkpoint. */
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
