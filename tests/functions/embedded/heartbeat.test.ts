import assert from "node:assert/strict";
import { heartbeatTable, HeartbeatTable } from "../../../functions/heartbeat/heartbeat";
import { withEnvironment } from "../../support/environment";
import { IRELAND, versionAt } from "../../support/tickets";
import { EmbeddedTable, FAKE_CREDENTIALS, TABLE_NAME } from "./embedded-table";

describe("the heartbeats in a table", () => {
  withEnvironment({ TABLE_NAME, ...FAKE_CREDENTIALS });
  const table = new EmbeddedTable();
  let heartbeats: HeartbeatTable;
  before(() => (heartbeats = heartbeatTable(IRELAND)));

  const write = (milliseconds: number): Promise<void> =>
    heartbeats.write({ id: "heartbeat", version: versionAt(milliseconds), origin: IRELAND, seen: {} });

  it("are read by their version, also before there is any", async () => {
    assert.equal(await heartbeats.versionOf("heartbeat"), undefined);
    await write(10);
    assert.equal(await heartbeats.versionOf("heartbeat"), versionAt(10));
  });

  it("never go back, when invocations overtake each other", async () => {
    await write(30);
    await write(20);
    assert.equal((await table.stored("heartbeat"))?.version.S, versionAt(30));
  });
});
