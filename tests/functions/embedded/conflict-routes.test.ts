import assert from "node:assert/strict";
import type { DynamoDBRecord } from "aws-lambda";
import { replicate } from "../../../functions/replication/replicate";
import { formatVersion } from "../../../functions/replication/version";
import type { Conflict } from "../../../functions/tickets/list-conflicts";
import { conflictCursor } from "../../../functions/tickets/cursor";
import type { RecentConflict } from "../../../functions/tickets/list-recent-conflicts";
import type { Ticket } from "../../../functions/tickets/ticket";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { inserted } from "../../../testing/stream-records";
import { idOf, IRELAND, SINGAPORE, ticketItem, tombstone } from "../../../testing/tickets";
import { CONFLICT_TABLE_NAMES, EmbeddedTable, FAKE_CREDENTIALS, TABLE_NAME } from "./embedded-table";
import { FakeQueue } from "./fake-queue";
import { TicketApi, ticketApi } from "./api-handlers";

const START = Date.now() - 60_000;
const { here, there } = CONFLICT_TABLE_NAMES;

describe("conflict on an emulated DynamoDB", () => {
  const logs = captureLogs();
  withEnvironment({
    AWS_REGION: IRELAND,
    AWS_LAMBDA_FUNCTION_NAME: "ireland-to-singapore",
    TABLE_NAME,
    TARGET_REGION: SINGAPORE,
    TARGET_TABLE_NAME: TABLE_NAME,
    TARGET_CONFLICT_TABLE_NAME: there,
    CONFLICT_TABLE_NAME: here,
    ...FAKE_CREDENTIALS,
  });
  // This table is Singapore's table and, in the tests of the API, the table of the own region.
  const table = new EmbeddedTable(SINGAPORE);
  new FakeQueue();
  let handler: ReturnType<typeof replicate>;
  let api: TicketApi;
  before(() => ([handler, api] = [replicate(), ticketApi()]));

  const deliver = async (...Records: DynamoDBRecord[]): Promise<Record<string, unknown>> => {
    assert.deepEqual(await handler({ Records }), { batchItemFailures: [] });
    return logs.lines[logs.lines.length - 1];
  };
  const conflictsOf = async (id: string): Promise<Conflict[]> => {
    const { status, body } = await api.conflicts(id);
    assert.equal(status, 200);
    return body.conflicts as Conflict[];
  };

  it("is recorded in both regions when a write replaces a concurrent write", async () => {
    const losing = singapore(1, 10, "Singapore's");
    await table.store(losing);
    assert.equal((await deliver(ireland(1, 20, "Ireland's"))).conflicts, 1);
    assert.deepEqual((await table.stored(idOf(1)))?.subject, { S: "Ireland's" });
    assert.deepEqual(await table.conflicts(here), await table.conflicts(there));
    const { seen, listSortKey, assigneeStatus, statusShard, assigneeShard, ...shown } = losing;
    assert.ok(seen && listSortKey && assigneeStatus && statusShard && assigneeShard);
    assert.deepEqual(await conflictsOf(idOf(1)), [
      {
        losingVersion: versionOf(10, SINGAPORE),
        losingOrigin: SINGAPORE,
        winningVersion: versionOf(20),
        winningOrigin: IRELAND,
        at: new Date(START + 20).toISOString(),
        losing: shown,
      },
    ]);
  });

  it("is recorded once in both regions when a losing write is delivered repeatedly", async () => {
    await table.store(singapore(2, 20, "Singapore's"));
    const record = ireland(2, 10, "Ireland's");
    assert.deepEqual([(await deliver(record)).conflicts, (await deliver(record)).conflicts], [1, 0]);
    assert.deepEqual((await table.stored(idOf(2)))?.subject, { S: "Singapore's" });
    assert.deepEqual(await table.conflicts(here), await table.conflicts(there));
    const [{ losing }, ...others] = await conflictsOf(idOf(2));
    assert.deepEqual([(losing as Ticket).subject, others], ["Ireland's", []]);
  });

  it("is not recorded for writes with equal content, such as a request sent to both regions", async () => {
    await table.store(singapore(10, 20, "Sent twice"));
    const older = await deliver(ireland(10, 10, "Sent twice"));
    assert.deepEqual([older.stale, older.conflicts], [1, 0]);
    const newer = await deliver(ireland(10, 30, "Sent twice"));
    assert.deepEqual([newer.applied, newer.conflicts, await conflictsOf(idOf(10))], [1, 0, []]);
    assert.deepEqual((await table.stored(idOf(10)))?.origin, { S: IRELAND });
  });

  it("is counted in a metric", async () => {
    await table.store(singapore(9, 10, "Singapore's"));
    await deliver(ireland(9, 20, "Ireland's"));
    assert.equal(logs.metrics[0].Conflicts, 1);
  });

  it("is not recorded when the writer had seen the replaced version", async () => {
    await table.store(singapore(3, 10, "first"));
    const seen = { [SINGAPORE]: versionOf(10, SINGAPORE) };
    const item = ticketItem({ id: idOf(3), subject: "second", version: versionOf(20), seen });
    const { applied, conflicts } = await deliver(inserted(item, 1));
    assert.deepEqual([applied, conflicts, await conflictsOf(idOf(3))], [1, 0, []]);
  });

  it("keeps the lowest winning version, even if a higher one was recorded first", async () => {
    await table.store(singapore(4, 10, "lost"));
    await deliver(ireland(4, 30, "third"));
    await table.store(singapore(4, 10, "lost"));
    await deliver(ireland(4, 20, "second"));
    const [{ winningVersion }] = await conflictsOf(idOf(4));
    assert.equal(winningVersion, versionOf(20));
    await table.store(singapore(4, 10, "lost"));
    await deliver(ireland(4, 30, "third"));
    assert.equal((await conflictsOf(idOf(4)))[0].winningVersion, versionOf(20));
    assert.deepEqual(await table.conflicts(here), await table.conflicts(there));
  });

  it("is listed newest first, including edits that lost to deletes and deletes that lost to edits", async () => {
    const id = idOf(5);
    await table.store(tombstone({ id, version: versionOf(10, SINGAPORE), origin: SINGAPORE }));
    await deliver(ireland(5, 20, "edited"));
    await table.store(singapore(5, 30, "edited again"));
    await deliver(inserted(tombstone({ id, version: versionOf(40) }), 1));
    const [edit, deletion] = await conflictsOf(id);
    assert.equal((edit.losing as Ticket).subject, "edited again");
    const version = versionOf(10, SINGAPORE);
    assert.deepEqual(deletion.losing, { id, deleted: true, version, origin: SINGAPORE });
    assert.deepEqual((await table.stored(id))?.deleted, { BOOL: true });
  });

  it("is resolved by an ordinary edit with the losing fields", async () => {
    await table.store(singapore(6, 10, "The better words"));
    await deliver(ireland(6, 20, "Other words"));
    const { subject, customer } = (await conflictsOf(idOf(6)))[0].losing as Ticket;
    const { status, body } = await api.update(idOf(6), { subject, customer });
    assert.deepEqual([status, body.subject, body.origin], [200, "The better words", IRELAND]);
    assert.equal((await conflictsOf(idOf(6))).length, 1, "The conflict stays recorded.");
  });

  it("is settled by its losing version, and by no other version or ticket", async () => {
    for (const item of [16, 17]) {
      await table.store(singapore(item, 10 + item, "Singapore's"));
      await deliver(ireland(item, 30 + item, "Ireland's"));
    }
    const [settled, other] = [16, 17].map((item) => versionOf(10 + item, SINGAPORE));
    for (const resolvedConflict of [other, versionOf(5), settled.replace(SINGAPORE, IRELAND)]) {
      const { status, body } = await api.update(idOf(16), { resolvedConflict });
      assert.deepEqual([status, body.title], [409, "Conflict not found"]);
      assert.deepEqual((await table.stored(idOf(16)))?.resolvedConflict, undefined);
    }
    const { status, body } = await api.update(idOf(16), { resolvedConflict: settled });
    assert.deepEqual([status, body.resolvedConflict], [200, settled]);
  });

  it("returns 400 for a settled version of any length", async () => {
    await table.store(singapore(18, 10, "Singapore's"));
    const resolvedConflict = versionOf(5).replace("west", "west".repeat(1000));
    assert.equal((await api.update(idOf(18), { resolvedConflict })).status, 400);
    assert.equal(
      (await api.recentConflicts({ cursor: `conflicts.${idOf(18)}.${resolvedConflict}` })).status,
      400,
    );
  });

  it("is resolved by a new ticket if a delete won, because the deleted ticket stays deleted", async () => {
    await table.store(singapore(7, 10, "Still needed"));
    await deliver(inserted(tombstone({ id: idOf(7), version: versionOf(20) }), 1));
    const { subject, customer } = (await conflictsOf(idOf(7)))[0].losing as Ticket;
    assert.equal((await api.update(idOf(7), { subject })).status, 404);
    const { status, body } = await api.create({ subject, customer });
    assert.deepEqual([status, body.subject], [201, "Still needed"]);
    assert.notEqual(body.id, idOf(7));
  });

  it("is listed by GET /conflicts, newest first, page by page, also for losing writes of the same millisecond", async () => {
    for (const item of [11, 12, 13, 14]) {
      await table.store(singapore(item, item === 14 ? 600 : 500, "Singapore's"));
      await deliver(ireland(item, 700, "Ireland's"));
    }
    await table.store({ ...singapore(15, 550, "Not a ticket"), id: "by hand" });
    await deliver(inserted(ticketItem({ id: "by hand", version: versionOf(700) }), 1));
    const found: RecentConflict[] = [];
    let cursor: string | undefined;
    do {
      const { status, body } = await api.recentConflicts({ limit: "2", ...(cursor && { cursor }) });
      assert.equal(status, 200);
      found.push(...(body.conflicts as RecentConflict[]));
      cursor = body.cursor as string | undefined;
    } while (cursor !== undefined);
    const entries = (await table.conflicts(here)).filter(({ id }) => id.S !== "by hand");
    assert.equal(new Set(found.map(({ id, losingVersion }) => `${id} ${losingVersion}`)).size, found.length);
    assert.equal(found.length, entries.length);
    assert.deepEqual(found[0], { id: idOf(14), losingVersion: versionOf(600, SINGAPORE) });
    const versions = found.map(({ losingVersion }) => losingVersion);
    assert.deepEqual(versions, [...versions].sort().reverse());
    const [newest, next] = found;
    const after = { limit: "1", cursor: conflictCursor(newest) };
    assert.deepEqual((await api.recentConflicts(after)).body.conflicts, [next]);
  });

  it("returns an empty list for an unknown id and 400 for a malformed id", async () => {
    assert.deepEqual(await conflictsOf(idOf(99)), []);
    assert.equal((await api.conflicts("99")).status, 400);
  });

  it("with an item without a version is not resolved: the item is kept and the record is quarantined", async () => {
    await table.store({ id: idOf(8), subject: "From before the versions" });
    assert.equal((await deliver(ireland(8, 20, "new"))).quarantined, 1);
    assert.deepEqual((await table.stored(idOf(8)))?.subject, { S: "From before the versions" });
  });
});

/** Returns the version of a write, in milliseconds after the start of the tests. */
function versionOf(milliseconds: number, region = IRELAND): string {
  return formatVersion({ milliseconds: START + milliseconds, counter: 0, region });
}

function singapore(item: number, milliseconds: number, subject: string): ReturnType<typeof ticketItem> {
  const version = versionOf(milliseconds, SINGAPORE);
  return ticketItem({ id: idOf(item), subject, version, origin: SINGAPORE });
}

function ireland(item: number, milliseconds: number, subject: string): DynamoDBRecord {
  return inserted(ticketItem({ id: idOf(item), subject, version: versionOf(milliseconds) }), 1);
}
