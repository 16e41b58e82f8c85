/** What a reconciliation found and did, added up over its pages. */
export interface Tally {
  /** Items read, by the nickname of the region that was scanned. */
  compared: Record<string, number>;
  /** Differences mended, or in a dry run only found, by the nickname of the region that lacked a write. */
  repaired: Record<string, number>;
  /** Of those, the ones where two regions had written without knowing of each other. */
  conflicts: number;
  /** Conflict entries that one region lacked or told otherwise. */
  leveled: number;
  /** Items that were given replication or listing attributes, or in a dry run would be. */
  stamped: number;
  /** Items without replication attributes that were left as they are. */
  plain: number;
  /** Items that could not be compared or repaired. */
  failed: number;
  /** Items and conflict entries that belong to no region's table, or to one region alone; they were left as they are. */
  rejected: number;
  /** The first differences and failures, a line each. */
  findings: string[];
}

/** More findings than this are only counted. */
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

/** Counts what may not cross regions, and keeps why if there is room. */
export function noteRejected(tally: Tally, finding: string): void {
  tally.rejected++;
  if (tally.findings.length < MAXIMUM_FINDINGS) tally.findings.push(finding);
}

/** Adds what a page gave to the whole. */
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

/** What of a tally was done to the tables, and will not be found again. */
export function workOf({ repaired, conflicts, stamped }: Tally): Tally {
  return { ...emptyTally(), repaired, conflicts, stamped };
}

function addCounts(total: Record<string, number>, page: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(page)) increase(total, name, count);
}

/** Adds to a count by name. */
export function increase(counts: Record<string, number>, name: string, more = 1): void {
  counts[name] = (counts[name] ?? 0) + more;
}

/** The sum of counts by name. */
export function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** 0 when the tables are equal, 1 when differences were repaired (or found, in a dry run), 2 when something could not be. */
export function exitCodeOf({ failed, plain, rejected, repaired, leveled, stamped }: Tally): number {
  if (failed > 0 || plain > 0 || rejected > 0) return 2;
  return sum(repaired) + leveled + stamped > 0 ? 1 : 0;
}
