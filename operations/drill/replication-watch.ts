import type { AcknowledgedWrite } from "./observations";

/** Tells which of the tickets a region has, with the version of each. Rejects when the region does not answer. */
export type VersionsIn = (region: string, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** A write that was seen in the other region. */
export interface Arrival {
  readonly write: AcknowledgedWrite;
  /** From the acknowledgement to when it was seen, in milliseconds; as exact as the watch looks often. */
  readonly lagMs: number;
}

/** As many tickets are looked up at once. */
const PAGE = 100;

/** Follows every acknowledged write until it is seen in the other region. */
export class ReplicationWatch {
  readonly acknowledged: AcknowledgedWrite[] = [];
  readonly arrivals: Arrival[] = [];
  private readonly waiting: Readonly<Record<string, Set<AcknowledgedWrite>>>;
  private readonly loops: Promise<void>[] = [];
  private stopped = false;

  /**
   * @param regions nicknames of both.
   * @param intervalMs how often a region is looked at.
   */
  constructor(
    private readonly regions: readonly [string, string],
    private readonly versionsIn: VersionsIn,
    private readonly intervalMs: number,
  ) {
    this.waiting = Object.fromEntries(regions.map((region) => [region, new Set<AcknowledgedWrite>()]));
  }

  start(): void {
    for (const region of this.regions) this.loops.push(this.watch(region));
  }

  add(write: AcknowledgedWrite): void {
    this.acknowledged.push(write);
    const other = this.regions.find((region) => region !== write.region);
    if (other) this.waiting[other].add(write);
  }

  /** The writes that were not seen in a region yet. */
  missingIn(region: string): readonly AcknowledgedWrite[] {
    return [...this.waiting[region]];
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.loops);
  }

  private async watch(region: string): Promise<void> {
    const waiting = this.waiting[region];
    while (!this.stopped) {
      const page = [...waiting].slice(0, PAGE);
      const versions = await this.look(region, page);
      const now = Date.now();
      for (const write of page) {
        const version = versions.get(write.id);
        if (version === undefined || version < write.version) continue;
        waiting.delete(write);
        this.arrivals.push({ write, lagMs: Math.max(0, now - write.at) });
      }
      await new Promise((next) => setTimeout(next, this.intervalMs));
    }
  }

  private async look(
    region: string,
    page: readonly AcknowledgedWrite[],
  ): Promise<ReadonlyMap<string, string>> {
    if (page.length === 0) return new Map();
    try {
      return await this.versionsIn(region, [...new Set(page.map(({ id }) => id))]);
    } catch {
      // A region that was broken on purpose is asked again.
      return new Map();
    }
  }
}
