import type { Log } from "../../aws/log";
import { type Level, LEVELS, type LogEntry, logEntry } from "./log-entry";

/** Selects log entries. Absent criteria match every entry. */
export interface LogFilter {
  /** Region alias. */
  readonly region?: string;
  readonly source?: string;
  /** Lowest level. */
  readonly level?: Level;
  /** Part of the line, in upper or lower case. */
  readonly text?: string;
  /** Id of a request, id of a ticket, or version: entries of that request, and of the replication of what it wrote. */
  readonly follow?: string;
  /** Whether metrics and the lines of health checks and heartbeats are included. */
  readonly routine: boolean;
}

/** Limits of a store. */
interface StoreLimits {
  /** Maximum number of entries of one source, so that a source with many lines removes no lines of another. */
  readonly entriesOfSource: number;
  /** Maximum number of characters in all lines. */
  readonly characters: number;
}

/** Source of entries, for a choice. */
export interface LogSource {
  readonly region: string | undefined;
  readonly source: string;
}

/** Entries of one source, oldest first. */
interface Ring {
  readonly entries: LogEntry[];
  characters: number;
}

/** The most recent lines of every log, in memory. */
export class LogStore {
  /** By source and whether the entries are routine. */
  private readonly rings = new Map<string, Ring>();
  private count = 0;
  private characters = 0;

  constructor(
    /** Aliases of the regions. */
    private readonly regions: readonly string[],
    private readonly limits: StoreLimits = { entriesOfSource: 1000, characters: 8 * 1024 * 1024 },
    private readonly now: () => number = Date.now,
  ) {}

  /** Adds a line, and removes the oldest lines beyond the limits. */
  readonly add: Log = (source, line, requestIds = []) => {
    this.count += 1;
    const entry = logEntry({ number: this.count, source, line, requestIds }, this.regions, this.now());
    const key = `${entry.isRoutine} ${source}`;
    const ring = this.rings.get(key) ?? { entries: [], characters: 0 };
    this.rings.set(key, ring);
    ring.entries.push(entry);
    ring.characters += entry.line.length;
    this.characters += entry.line.length;
    if (ring.entries.length > this.limits.entriesOfSource) this.removeOldest(ring);
    while (this.characters > this.limits.characters) this.removeOldest(this.longestRing());
  };

  /** Number of the newest entry; 0 without entries. */
  get newest(): number {
    return this.count;
  }

  /** Sources in the order of their names. */
  sources(): LogSource[] {
    const sources = [...this.rings.values()].flatMap(({ entries }) => entries.slice(-1));
    const unique = new Map(sources.map(({ region, source }) => [`${source} ${region}`, { region, source }]));
    return [...unique].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, source]) => source);
  }

  /**
   * Returns the newest entries that match a filter, oldest first.
   * @param after only entries with a higher number.
   */
  find(filter: LogFilter, after: number, limit: number): LogEntry[] {
    const followed = filter.follow === undefined ? undefined : this.followed(filter.follow);
    const matching = [...this.rings.values()]
      .flatMap(({ entries }) => entries.slice(firstAfter(entries, after)))
      .filter((entry) => matches(entry, filter, followed));
    return matching.sort((left, right) => left.number - right.number).slice(-limit);
  }

  /**
   * Returns an id with the related ones: those of the lines about the same request. The request's version is among them, and the
   * line of the batch that replicated the request's write mentions that version.
   */
  private followed(id: string): ReadonlySet<string> {
    const related = new Set([id]);
    const entries = [...this.rings.values()]
      .flatMap((ring) => ring.entries)
      .filter(({ requestIds }) => requestIds.length > 0);
    let known = 0;
    while (related.size > known) {
      known = related.size;
      for (const { ids, requestIds } of entries)
        if (ids.some((mentioned) => related.has(mentioned))) for (const own of requestIds) related.add(own);
    }
    return related;
  }

  private removeOldest(ring: Ring): void {
    const removed = ring.entries.shift()?.line.length ?? 0;
    ring.characters -= removed;
    this.characters -= removed;
  }

  private longestRing(): Ring {
    return [...this.rings.values()].reduce((left, right) =>
      left.characters >= right.characters ? left : right,
    );
  }
}

/** Returns the index of the first entry with a higher number. */
function firstAfter(entries: readonly LogEntry[], after: number): number {
  let [from, to] = [0, entries.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (entries[middle].number > after) to = middle;
    else from = middle + 1;
  }
  return from;
}

function matches(
  entry: LogEntry,
  { region, source, level = "DEBUG", text = "", routine }: LogFilter,
  followed: ReadonlySet<string> | undefined,
): boolean {
  if (followed && !entry.ids.some((id) => followed.has(id))) return false;
  return (
    (region === undefined || entry.region === region) &&
    (source === undefined || entry.source === source) &&
    LEVELS.indexOf(entry.level) >= LEVELS.indexOf(level) &&
    (routine || !entry.isRoutine) &&
    entry.line.toLowerCase().includes(text.toLowerCase())
  );
}
