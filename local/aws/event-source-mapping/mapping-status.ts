/** Statistics of an event source mapping, shown in the console. */
export interface MappingStatistics {
  /** Logical name in Pulumi. */
  readonly name: string;
  /** AWS code of the region of the stream and the function. */
  readonly sourceRegion: string;
  readonly functionArn: string;
  readonly enabled: boolean;
  /** ARN of the bucket for discarded records; undefined if they are lost. */
  readonly onFailureArn: string | undefined;
  /** Records that the function has processed. */
  readonly recordsDelivered: number;
  /** Invocations that failed a batch, in whole or in part. */
  readonly batchesFailed: number;
  /** Records that were discarded, and sent to the destination if there is one. */
  readonly recordsDiscarded: number;
  /** Age of the oldest record that was read and not yet processed, in milliseconds; 0 if there is none. */
  readonly iteratorAgeMs: number;
  /** Current error; undefined if there is none. */
  readonly lastError: string | undefined;
}

/** Counters and current errors of a mapping. Logs an error once, until it changes or is resolved. */
export class MappingStatus {
  recordsDelivered = 0;
  batchesFailed = 0;
  recordsDiscarded = 0;
  /** Arrival time of the oldest unprocessed record of each shard. */
  private readonly oldest = new Map<string, number>();
  private readonly problems = new Map<string, string>();

  constructor(private readonly log: (line: string) => void) {}

  /** @param arrivedAt undefined if the shard has no unprocessed record. */
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

  /** Records a failure that is retried. Logs it unless the operation failed with the same error before. */
  recordFailure(operation: string, problem: string): void {
    const known = this.problems.get(operation);
    this.problems.delete(operation);
    this.problems.set(operation, problem);
    if (known === undefined || withoutIds(known) !== withoutIds(problem))
      this.log(`${operation} failed and is retried: ${problem}`);
  }

  /** Records a success. Logs it if the operation failed before. */
  recordSuccess(operation: string): void {
    if (this.problems.delete(operation)) this.log(`${operation} works again`);
  }

  /** Records and logs a failure that is not retried. It stays the last error until there is a newer one. */
  recordFinalFailure(what: string, problem: string): void {
    this.problems.delete(what);
    this.problems.set(what, problem);
    this.log(`${what}: ${problem}`);
  }
}

/** Removes request ids, which differ each time the same error occurs. */
function withoutIds(problem: string): string {
  return problem.replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g, "");
}

/** Describes an error in one line: its name, if it is an AWS error, and its message. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  const text = error.message || code || "no message";
  return error.name === "Error" ? text : `${error.name}: ${text}`;
}
