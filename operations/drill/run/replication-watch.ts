import { CommandError, reasonOf } from "../../../command-line/command-error";
import type { AcknowledgedWrite, Arrival, Verification } from "../observations";
import type { DrillSystem, VersionsIn } from "../systems/drill-system";

/** Keys of one BatchGetItem request. */
const PAGE = 100;
/** Default time for the last writes to arrive, in milliseconds. */
const WITHIN_MS = 60_000;
/** Pause between two reads of the verification, in milliseconds. */
const RETRY_MS = 500;

/** Follows every acknowledged write until it is in the other region. */
export class ReplicationWatch {
  readonly acknowledged: AcknowledgedWrite[] = [];
  readonly arrivals: Arrival[] = [];
  private readonly waiting: Readonly<Record<string, Set<AcknowledgedWrite>>>;
  private readonly loops: Promise<void>[] = [];
  private stopped = false;

  /**
   * @param regions aliases of both regions.
   * @param intervalMs pause between two reads of a region.
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

  /** Writes of the other region that have not arrived in this one. */
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
      const versions = await this.versionsOf(region, page);
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

  private async versionsOf(
    region: string,
    page: readonly AcknowledgedWrite[],
  ): Promise<ReadonlyMap<string, string>> {
    if (page.length === 0) return new Map();
    try {
      return await this.versionsIn(region, [...new Set(page.map(({ id }) => id))]);
    } catch {
      // The drill may have broken the region. The next round reads it again.
      return new Map();
    }
  }
}

/**
 * Reads every acknowledged write in both regions, until all have arrived or the time limit has passed.
 * @param withinMs time limit for the last writes to arrive.
 * @throws CommandError when a region cannot be read at the end of the time limit.
 */
export async function verifyWrites(
  system: DrillSystem,
  acknowledged: readonly AcknowledgedWrite[],
  sleep: (milliseconds: number) => Promise<void>,
  withinMs = WITHIN_MS,
): Promise<Verification> {
  const names = [system.primary.name, system.secondary.name];
  const end = Date.now() + withinMs;
  const readUntil = async <T>(read: () => Promise<T>, isDone: (result: T) => boolean): Promise<T> => {
    for (;;) {
      const result = await read().catch((error: Error) => error);
      const isOver = Date.now() >= end;
      if (!(result instanceof Error) && (isOver || isDone(result))) return result;
      if (isOver)
        throw new CommandError(`The writes of the drill could not be verified: ${reasonOf(result)}.`, {
          cause: result,
        });
      await sleep(RETRY_MS);
    }
  };
  const lost = await readUntil(
    async () => {
      const missing = await Promise.all(names.map((region) => missingIn(system, region, acknowledged)));
      return [...new Set(missing.flat())];
    },
    (missing) => missing.length === 0,
  );
  const ids = [...new Set(acknowledged.map(({ id }) => id))];
  const conflicts = await readUntil(
    () => system.conflictsOf(system.primary.name, ids),
    () => true,
  );
  return { acknowledged: acknowledged.length, lost, conflicts };
}

async function missingIn(
  system: DrillSystem,
  region: string,
  acknowledged: readonly AcknowledgedWrite[],
): Promise<AcknowledgedWrite[]> {
  const ids = [...new Set(acknowledged.map(({ id }) => id))];
  const versions = new Map<string, string>();
  for (let start = 0; start < ids.length; start += PAGE)
    for (const [id, version] of await system.versionsIn(region, ids.slice(start, start + PAGE)))
      versions.set(id, version);
  // A newer version is a later write of the ticket, or the winner of a recorded conflict.
  return acknowledged.filter(({ id, version }) => (versions.get(id) ?? "") < version);
}
