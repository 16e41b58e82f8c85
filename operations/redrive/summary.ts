import { plainLine } from "../../command-line/terminal-text";

/** Results of a redrive. */
export interface Summary {
  /** Records written (in a dry run: would be written). */
  applied: number;
  /** Records whose version or a newer one was already in the other region. */
  stale: number;
  /** Applied and stale records that were conflicts: both regions wrote without knowing of each other. */
  conflicts: number;
  /** Records that cannot be applied and are not needed any more. */
  settled: number;
  /** Records removed by `--discard` (in a dry run: would be removed). */
  discarded: number;
  /** Records that cannot be applied, and messages and objects without a record. */
  failing: number;
  /** Failing and discarded records of items that may not cross regions. */
  rejected: number;
  /** First settled records, one line each. */
  readonly notes: string[];
  /** First failures, one line each. */
  readonly failures: string[];
}

/** Further notes and failures are only counted. */
const MAXIMUM_LINES = 50;

export function emptySummary(): Summary {
  return {
    applied: 0,
    stale: 0,
    conflicts: 0,
    settled: 0,
    discarded: 0,
    failing: 0,
    rejected: 0,
    notes: [],
    failures: [],
  };
}

/** Adds a note about a settled record, if there is room. */
export function addNote({ notes }: Summary, note: string): void {
  if (notes.length < MAXIMUM_LINES) notes.push(plainLine(note));
}

/** Counts a failure, and adds its line if there is room. */
export function addFailure(summary: Summary, failure: string): void {
  summary.failing++;
  if (summary.failures.length < MAXIMUM_LINES) summary.failures.push(plainLine(failure));
}

/** Formats the progress as one line. */
export function progressLine(summary: Summary): string {
  const { applied, stale, settled, discarded, failing } = summary;
  const all = applied + stale + settled + discarded + failing;
  return `${all} records replayed: ${applied} applied, ${stale} stale, ${failing} still failing`;
}

/** Returns the lines of the summary, without categories that are empty. */
export function summaryLines(summary: Summary, dryRun: boolean): string[] {
  const { applied, stale, conflicts, settled, discarded, failing, rejected, notes, failures } = summary;
  const lines = [...notes];
  if (settled > notes.length) lines.push(`… and ${settled - notes.length} more settled records.`);
  lines.push(...failures);
  if (failing > failures.length) lines.push(`… and ${failing - failures.length} more.`);
  if (conflicts > 0)
    lines.push(`${conflicts} of them were conflicts; the losing versions are kept in the conflict tables.`);
  if (rejected > 0)
    lines.push(
      `${rejected} of them ${rejected === 1 ? "is of an item" : "are of items"} that may not cross regions. Find out who wrote ` +
        `${rejected === 1 ? "it" : "them"}.`,
    );
  const counts = [`${stale} stale`];
  if (settled > 0) counts.push(`${settled} settled`);
  if (!dryRun && discarded > 0) counts.push(`${discarded} discarded`);
  counts.push(`${failing} still failing`);
  const wouldDiscard = discarded > 0 ? `, discard ${discarded}` : "";
  lines.push(
    dryRun
      ? `Dry run: would apply ${applied}${wouldDiscard}; ${counts.join(", ")}. Nothing was changed.`
      : `${applied} applied, ${counts.join(", ")}.`,
  );
  return lines;
}
