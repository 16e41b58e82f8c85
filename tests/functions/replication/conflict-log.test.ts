import assert from "node:assert/strict";
import {
  ConflictEntry,
  conflictEntry,
  conflictEntryOf,
  conflictImage,
} from "../../../functions/replication/conflict-entry";
import { conflictLog } from "../../../functions/replication/conflict-log";
import { ReplicatedWrite, replicatedWrite } from "../../../functions/replication/replicated-write";
import type { Image } from "../../../functions/shared/image";
import { toImage } from "../../../testing/attribute-values";
import { MemoryConflictTable } from "../../support/memory-conflict-table";
import { SINGAPORE, ticketItem, versionAt } from "../../../testing/tickets";

describe("conflictLog", () => {
  let there: MemoryConflictTable;
  let here: MemoryConflictTable;
  beforeEach(() => ([there, here] = [new MemoryConflictTable(), new MemoryConflictTable()]));

  const record = (winner: number): Promise<boolean> => conflictLog(there, here).record(entryWonAt(winner));
  const winners = (): string[] => [there, here].flatMap((table) => table.entries.map(winnerOf));

  it("stores an entry in both tables and returns whether it is new", async () => {
    assert.deepEqual([await record(20), await record(20)], [true, false]);
    assert.deepEqual(winners(), [versionAt(20), versionAt(20)]);
  });

  it("returns true for an entry that only one table has", async () => {
    await there.put(entryWonAt(20));
    assert.equal(await record(20), true);
  });

  it("keeps the lowest winner, in any order of records", async () => {
    for (const order of [
      [20, 30],
      [30, 20],
    ]) {
      [there, here] = [new MemoryConflictTable(), new MemoryConflictTable()];
      for (const winner of order) await record(winner);
      assert.deepEqual(winners(), [versionAt(20), versionAt(20)]);
    }
  });

  it("copies a lower winner that only one table has", async () => {
    await there.put(entryWonAt(10));
    await record(20);
    assert.deepEqual(winners(), [versionAt(10), versionAt(10)]);
    [there, here] = [new MemoryConflictTable(), new MemoryConflictTable()];
    await here.put(entryWonAt(10));
    await record(20);
    assert.deepEqual(winners(), [versionAt(10), versionAt(10)]);
  });

  it("writes nothing if the other region is unreachable", async () => {
    there.beforePut = () => {
      throw new Error("Away.");
    };
    await assert.rejects(record(20), /Away/);
    assert.equal(here.puts, 0);
  });
});

describe("Conflict entry", () => {
  it("is equal after it was stored and read", () => {
    assert.deepEqual(conflictEntryOf(conflictImage(entryWonAt(20))), entryWonAt(20));
  });
});

function entryWonAt(milliseconds: number): ConflictEntry {
  const losing = ticketItem({ version: versionAt(0, SINGAPORE), origin: SINGAPORE });
  return conflictEntry(writeOf(losing), writeOf(ticketItem({ version: versionAt(milliseconds) })));
}

function writeOf(item: object): ReplicatedWrite {
  const write = replicatedWrite(toImage(item) as Image);
  assert.ok(write);
  return write;
}

function winnerOf({ winningVersion }: ConflictEntry): string {
  return winningVersion;
}
