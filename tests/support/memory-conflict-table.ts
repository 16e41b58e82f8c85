import type { ConflictEntry } from "../../functions/replication/conflict-entry";
import type { ConflictTable } from "../../functions/replication/conflict-log";

/** Conflict table in memory with the semantics of the DynamoDB table. */
export class MemoryConflictTable implements ConflictTable {
  private readonly stored = new Map<string, ConflictEntry>();
  /** Number of puts. */
  puts = 0;
  /** Called before each put. The put throws its error. */
  beforePut: () => void = () => undefined;

  async put(entry: ConflictEntry): Promise<ConflictEntry | undefined> {
    this.puts++;
    this.beforePut();
    await Promise.resolve();
    const key = `${entry.id} ${entry.losingVersion}`;
    const found = this.stored.get(key);
    if (!found || found.winningVersion > entry.winningVersion) this.stored.set(key, structuredClone(entry));
    return found;
  }

  /** All entries, sorted by id and losing version. */
  get entries(): ConflictEntry[] {
    const byKey = [...this.stored.entries()].sort(([left], [right]) => (left < right ? -1 : 1));
    return byKey.map(([, entry]) => entry);
  }
}
