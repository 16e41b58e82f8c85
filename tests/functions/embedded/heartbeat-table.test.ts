import assert from "node:assert/strict";
import { heartbeatTable, HeartbeatTable } from "../../../functions/heartbeat/heartbeat";
import { withEnvironment } from "../../support/environment";
import { IRELAND, SINGAPORE, versionAt } from "../../../testing/tickets";
import { EmbeddedTable, FAKE_CREDENTIALS, TABLE_NAME } from "./embedded-table";

describe("heartbeatTable", () => {
  withEnvironment({ TABLE_NAME, ...FAKE_CREDENTIALS });
  const table = new EmbeddedTable();
  let heartbeats: HeartbeatTable;
  before(() => (heartbeats = heartbeatTable(IRELAND)));

  const write = (milliseconds: number): Promise<void> =>
    heartbeats.write({ id: "heartbeat", version: versionAt(milliseconds), origin: IRELAND, seen: {} });

  it("returns the items that are stored under the keys of a heartbeat", async () => {
    const ids = ["heartbeat", "heartbeat-1"];
    assert.equal((await heartbeats.read(ids)).size, 0);
    await write(10);
    const stored = await heartbeats.read(ids);
    assert.deepEqual(
      [...stored].map(([id, { version }]) => [id, version.S]),
      [["heartbeat", versionAt(10)]],
    );
  });

  it("keeps the newer heartbeat if invocations overtake each other", async () => {
    await write(30);
    await write(20);
    assert.equal((await table.stored("heartbeat"))?.version.S, versionAt(30));
  });

  it("replaces an item with the region's key that no heartbeat function can have written", async () => {
    const forged = [
      {},
      { version: "zzz", origin: IRELAND },
      { version: 7, origin: IRELAND },
      { version: versionAt(1e10), origin: IRELAND },
      { version: versionAt(1e5, SINGAPORE), origin: SINGAPORE },
    ];
    for (const attributes of forged) {
      await table.store({ id: "heartbeat", amount: 1, ...attributes });
      await write(40);
      assert.equal((await table.stored("heartbeat"))?.version.S, versionAt(40), JSON.stringify(attributes));
    }
  });
});
