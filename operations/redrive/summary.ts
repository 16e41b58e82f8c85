/** What became of the records that a redrive replayed. */
export interface Summary {
  /** Records that were written, or in a dry run would be. */
  applied: number;
  /** Records that what is there already is as new as or newer than. */
  stale: number;
  /** Of both, those where two regions had written without knowing of each other. */
  conflicts: number;
  /** Records that cannot be written, and messages and objects that hold no record. */
  failing: number;
  /** The first of them, a line each. */
  readonly failures: string[];
}

/** More failures than this are only counted. */
const MAXIMUM_FAILURES = 50;

export function emptySummary(): Summary {
  return { applied: 0, stale: 0, conflicts: 0, failing: 0, failures: [] };
}

/** Counts a failure, with where it is and why. */
export function addFailure(summary: Summary, failure: string): void {
  summary.failing++;
  if (summary.failures.length < MAXIMUM_FAILURES) summary.failures.push(failure);
}
