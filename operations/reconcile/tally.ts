/** Results of a run, summed over its pages. */
export interface Tally {
  /** Items read, by alias of the scanned region. */
  compared: Record<string, number>;
  /** Differences repaired (in a dry run: found), by alias of the region that lacked a write. */
  repaired: Record<string, number>;
  /** Repaired differences that were conflicts: both regions wrote without knowing of each other. */
  conflicts: number;
  /** Conflict entries that were missing in a region or differed. */
  leveled: number;
  /** Items that got replication or listing attributes (in a dry run: would get them). */
  stamped: number;
  /** Items without replication attributes, left unchanged. */
  plain: number;
  /** Items that could not be compared or repaired. */
  failed: number;
  /** Items and conflict entries that may not cross regions, left unchanged. */
  rejected: number;
  /** First differences and failures, one line each. */
  findings: string[];
}

/** Further findings are only counted. */
const MAXIMUM_FINDINGS = 50;

export function emptyTally(): Tally {
  return {
    compared: {},
    repaired: {},
    conflicts: 0,
    leveled: 0,
    stamped: 0,
    plain: 0,
    failed: 0,
    rejected: 0,
    findings: [],
  };
}

/** Counts an item that may not cross regions, and adds the finding if there is room. */
export function noteRejected(tally: Tally, finding: string): void {
  tally.rejected++;
  if (tally.findings.length < MAXIMUM_FINDINGS) tally.findings.push(finding);
}

/** Adds the results of a page to the total. */
export function addTo(total: Tally, page: Tally): void {
  addCounts(total.compared, page.compared);
  addCounts(total.repaired, page.repaired);
  total.conflicts += page.conflicts;
  total.stamped += page.stamped;
  total.plain += page.plain;
  total.failed += page.failed;
  total.rejected += page.rejected;
  total.findings.push(...page.findings.slice(0, MAXIMUM_FINDINGS - total.findings.length));
}

/** Returns the part of a tally that a later run would not find again, because the tables were changed. */
export function workOf({ repaired, conflicts, stamped }: Tally): Tally {
  return { ...emptyTally(), repaired, conflicts, stamped };
}

function addCounts(total: Record<string, number>, page: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(page)) increase(total, name, count);
}

/** Adds to a named counter. */
export function increase(counts: Record<string, number>, name: string, more = 1): void {
  counts[name] = (counts[name] ?? 0) + more;
}

/** Returns the sum of named counters. */
export function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** Returns 0 for equal tables, 1 for repaired differences (in a dry run: found), 2 if an item could not be compared or repaired. */
export function exitCodeOf({ failed, plain, rejected, repaired, leveled, stamped }: Tally): number {
  if (failed > 0 || plain > 0 || rejected > 0) return 2;
  return sum(repaired) + leveled + stamped > 0 ? 1 : 0;
}
