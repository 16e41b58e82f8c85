import { plainLine } from "../../command-line/terminal-text";

/** What became of the records that a redrive replayed. */
export interface Summary {
  /** Records that were written, or in a dry run would be. */
  applied: number;
  /** Records that what is there already is as new as or newer than. */
  stale: number;
  /** Of both, those where two regions had written without knowing of each other. */
  conflicts: number;
  /** Records that cannot be written, and that nothing can come of any more. */
  settled: number;
  /** Records that were removed because the operator said so, or in a dry run would be. */
  discarded: number;
  /** Records that cannot be written, and messages and objects that hold no record. */
  failing: number;
  /** Of what fails or was discarded, records of items that may not cross regions. */
  rejected: number;
  /** The first of what is settled, a line each. */
  readonly notes: string[];
  /** The first of what fails, a line each. */
  readonly failures: string[];
}

/** More lines of a kind than this are only counted. */
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

/** Keeps what is to be said of a settled record, if there is room. */
export function addNote({ notes }: Summary, note: string): void {
  if (notes.length < MAXIMUM_LINES) notes.push(plainLine(note));
}

/** Counts a failure, with where it is and why. */
export function addFailure(summary: Summary, failure: string): void {
  summary.failing++;
  if (summary.failures.length < MAXIMUM_LINES) summary.failures.push(plainLine(failure));
}

/** How far a redrive is. */
export function progressLine(summary: Summary): string {
  const { applied, stale, settled, discarded, failing } = summary;
  const all = applied + stale + settled + discarded + failing;
  return `${all} records replayed: ${applied} applied, ${stale} stale, ${failing} still failing`;
}

/** The end of a redrive, line by line; what there is none of beyond the usual is left out. */
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
