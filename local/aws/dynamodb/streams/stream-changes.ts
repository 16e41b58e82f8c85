/** Limits of a wait for a change. */
interface WaitLimits {
  /** Longest wait, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/** Changes of the streams of all regions, for readers in this process: they need not ask again and again whether there is a new record. */
export class StreamChanges {
  private readonly counts = new Map<string, number>();
  private readonly waiting = new Map<string, Set<() => void>>();

  /** Returns the number of changes of a shard so far. */
  count(shardId: string): number {
    return this.counts.get(shardId) ?? 0;
  }

  /** Reports that a shard has new records or has been closed. */
  report(shardId: string): void {
    this.counts.set(shardId, this.count(shardId) + 1);
    for (const end of this.waiting.get(shardId) ?? []) end();
  }

  /**
   * Waits until a shard has changed, or a limit.
   * @param count number of changes that the reader has seen; if there are more, it does not wait.
   */
  async wait(shardId: string, count: number, { timeoutMs, signal }: WaitLimits): Promise<void> {
    if (this.count(shardId) !== count || signal.aborted) return;
    const waiting = this.waiting.get(shardId) ?? new Set();
    this.waiting.set(shardId, waiting);
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        waiting.delete(end);
        resolve();
      };
      const timer = setTimeout(end, timeoutMs);
      signal.addEventListener("abort", end);
      waiting.add(end);
    });
  }
}
