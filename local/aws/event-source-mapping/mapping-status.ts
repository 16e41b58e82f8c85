/** What the console shows of an event source mapping. */
export interface MappingStatistics {
  /** Pulumi's logical name. */
  readonly name: string;
  /** AWS code of the region of the stream and the function. */
  readonly sourceRegion: string;
  readonly functionArn: string;
  readonly enabled: boolean;
  /** ARN of the bucket that discarded records go to; undefined when they are lost. */
  readonly onFailureArn: string | undefined;
  /** Records that the function has processed. */
  readonly recordsDelivered: number;
  /** Invocations that failed a batch, in whole or in part. */
  readonly batchesFailed: number;
  /** Records that were given up: sent to the destination, if there is one. */
  readonly recordsDiscarded: number;
  /** Age of the oldest record that was read and is not processed, in milliseconds; 0 when caught up with what was read. */
  readonly iteratorAgeMs: number;
  /** What is wrong now; undefined while all goes well. */
  readonly lastError: string | undefined;
}

/** Keeps count of a mapping, and logs what goes wrong once per change. */
export class MappingStatus {
  recordsDelivered = 0;
  batchesFailed = 0;
  recordsDiscarded = 0;
  /** When the oldest unprocessed record of each shard was written. */
  private readonly oldest = new Map<string, number>();
  private readonly problems = new Map<string, string>();

  constructor(private readonly log: (line: string) => void) {}

  /** @param arrivedAt undefined when the shard has no unprocessed record. */
  setOldest(shardId: string, arrivedAt: number | undefined): void {
    if (arrivedAt === undefined) this.oldest.delete(shardId);
    else this.oldest.set(shardId, arrivedAt);
  }

  iteratorAgeMs(now: number): number {
    return this.oldest.size === 0 ? 0 : Math.max(0, now - Math.min(...this.oldest.values()));
  }

  get lastError(): string | undefined {
    return [...this.problems.values()].at(-1);
  }

  /** Notes that something fails, and logs it unless it failed in the same way before. */
  recordFailure(doing: string, problem: string): void {
    const known = this.problems.get(doing);
    this.problems.delete(doing);
    this.problems.set(doing, problem);
    if (known === undefined || withoutIds(known) !== withoutIds(problem))
      this.log(`${doing} fails, and is tried again: ${problem}`);
  }

  /** Notes that something works, and logs it when it failed before. */
  recordSuccess(doing: string): void {
    if (this.problems.delete(doing)) this.log(`${doing} works again`);
  }

  /** Logs what is not going to be tried again; it stays the last error until there is a newer one. */
  recordFinalFailure(doing: string, problem: string): void {
    this.problems.delete(doing);
    this.problems.set(doing, problem);
    this.log(`${doing}: ${problem}`);
  }
}

/** The same failure has another request id each time. */
function withoutIds(problem: string): string {
  return problem.replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g, "");
}

/** An error in one line: the name that AWS gives it, and what it says. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  const text = error.message || code || "no message";
  return error.name === "Error" ? text : `${error.name}: ${text}`;
}
