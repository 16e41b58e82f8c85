import { jsonLine } from "../../command-line/terminal-text";
import type { Outcome, ReplayContext, UnappliedRecord } from "./replay";
import { addNote, addFailure } from "./summary";

/**
 * Removes a message or object if each of its records was applied, is stale or settled, or is to be discarded. Discarded records,
 * and settled ones without a comparable version, are printed in full first, so that their content is never lost.
 * @param outcomes outcomes of its records.
 * @returns whether it was removed; always false in a dry run.
 */
export async function conclude(
  outcomes: readonly Outcome[],
  remove: () => Promise<void>,
  context: ReplayContext,
): Promise<boolean> {
  const { summary, dryRun, audit } = context;
  const notApplied = outcomes.filter((outcome) => outcome.kind !== "done");
  const settled = notApplied.filter(({ kind }) => kind === "settled");
  const failing = notApplied.filter(({ kind }) => kind === "failing");
  const unsure = notApplied.filter(({ kind }) => kind === "unsure");
  summary.settled += settled.length;
  for (const { where, id, reason } of settled)
    addNote(summary, `${where}: ${id}: ${dryRun ? "would be removed as settled" : "settled"}: ${reason}.`);

  const mayGo = unsure.length === 0 && (failing.length === 0 || audit.discard !== undefined);
  if (!mayGo) {
    for (const { where, id, reason } of [...failing, ...unsure])
      addFailure(summary, [where, id, reason].filter((part) => part !== undefined).join(": "));
    return false;
  }
  for (const one of settled) if (!one.isComparable) audit.print(lineOf("settle", one, context));
  for (const one of failing) audit.print(lineOf("discard", one, context));
  if (!dryRun) await remove();
  summary.discarded += failing.length;
  return !dryRun;
}

/** Formats a removed record in full as one line of JSON. */
function lineOf(
  event: "settle" | "discard",
  one: UnappliedRecord,
  { audit, dryRun, now }: ReplayContext,
): string {
  const { where, id, reason: because, content } = one;
  const { stack, by, discard } = audit;
  return jsonLine({
    timestamp: new Date(now()).toISOString(),
    event: dryRun ? `would ${event}` : event,
    stack,
    where,
    id,
    by,
    ...(event === "discard" && { reason: discard }),
    because,
    record: content,
  });
}
