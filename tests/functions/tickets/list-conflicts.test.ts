import assert from "node:assert/strict";
import {
  Conflict,
  ConflictHistory,
  listConflictsOperation,
  MAXIMUM_CONFLICTS,
  StoredConflict,
} from "../../../functions/tickets/list-conflicts";
import type { StoredTicket } from "../../../functions/tickets/ticket";
import { problemOf, send } from "../../../testing/api-calls";
import { idOf, IRELAND, SINGAPORE, ticketItem, tombstone, versionAt } from "../../../testing/tickets";

describe("GET /tickets/{id}/conflicts", () => {
  const list = async (stored: readonly StoredConflict[]): Promise<{ conflicts: Conflict[]; more?: true }> => {
    const { status, body } = await send("listConflicts", listConflictsOperation(historyOf(stored)), {
      id: idOf(1),
    });
    assert.equal(status, 200);
    return body as { conflicts: Conflict[]; more?: true };
  };

  it("returns the losing ticket in the API's format, and the winning version, region and time", async () => {
    const { seen, listSortKey, assigneeStatus, statusShard, assigneeShard, ...shown } = ticketItem({
      version: versionAt(0),
    });
    assert.ok(seen && listSortKey && assigneeStatus && statusShard && assigneeShard);
    const { conflicts } = await list([conflictOf(ticketItem({ version: versionAt(0) }))]);
    assert.deepEqual(conflicts, [
      {
        losingVersion: versionAt(0),
        losingOrigin: IRELAND,
        winningVersion: versionAt(5, SINGAPORE),
        winningOrigin: SINGAPORE,
        at: "2025-11-23T13:20:00.005Z",
        losing: shown,
      },
    ]);
  });

  it("returns a losing delete without replication attributes", async () => {
    const [{ losing }] = (await list([conflictOf(tombstone())])).conflicts;
    assert.deepEqual(losing, { id: idOf(1), deleted: true, version: versionAt(0), origin: IRELAND });
  });

  it("returns an empty list for a ticket without conflicts", async () => {
    assert.deepEqual(await list([]), { conflicts: [] });
  });

  it("returns `more` if there are more than the maximum", async () => {
    const all = Array.from({ length: MAXIMUM_CONFLICTS + 1 }, (_, at) =>
      conflictOf(ticketItem({ version: versionAt(at) })),
    );
    const { conflicts, more } = await list(all);
    assert.deepEqual([conflicts.length, more], [MAXIMUM_CONFLICTS, true]);
    assert.equal((await list(all.slice(1))).more, undefined);
  });

  it("returns 400 for a malformed id", async () => {
    const { problem } = await problemOf(() =>
      send("listConflicts", listConflictsOperation(historyOf([])), { id: "1" }),
    );
    assert.deepEqual([problem.status, problem.errors?.[0].field], [400, "id"]);
  });
});

function historyOf(stored: readonly StoredConflict[]): ConflictHistory {
  return { newest: async (id, limit) => stored.filter((entry) => entry.id === id).slice(0, limit) };
}

function conflictOf(losing: StoredTicket): StoredConflict {
  return {
    id: losing.id,
    losingVersion: losing.version,
    losingOrigin: losing.origin,
    winningVersion: versionAt(5, SINGAPORE),
    winningOrigin: SINGAPORE,
    at: "2025-11-23T13:20:00.005Z",
    losing,
    expiresAt: 1,
  };
}
