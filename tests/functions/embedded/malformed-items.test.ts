import assert from "node:assert/strict";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { shardOf, statusShard } from "../../../functions/tickets/list-indexes";
import { dynamoDB } from "../../../functions/shared/aws";
import { conflictTable } from "../../../functions/replication/conflict-log";
import { conflictEntry, conflictImage } from "../../../functions/replication/conflict-entry";
import { replicatedWrite, type ReplicatedWrite } from "../../../functions/replication/replicated-write";
import type { Image } from "../../../functions/shared/image";
import type { Ticket } from "../../../functions/tickets/ticket";
import { toImage } from "../../../testing/attribute-values";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { idOf, IRELAND, NOW, SINGAPORE, ticketItem, versionAt } from "../../../testing/tickets";
import { CONFLICT_TABLE_NAMES, EmbeddedTable, FAKE_CREDENTIALS, TABLE_NAME } from "./embedded-table";
import { TicketApi, ticketApi } from "./api-handlers";

/** Values that DynamoDB stores and that JavaScript or JSON cannot represent. */
const ODD: Readonly<Record<string, AttributeValue>> = {
  integer: { N: "12345678901234567890123456789012345678" },
  decimal: { N: "1500000000000000000000000000000.5" },
  strings: { SS: ["a", "b"] },
  numbers: { NS: ["1", "0.1234567890123456789012345678901234567"] },
  binary: { B: Buffer.from([0, 255]) },
  null: { NULL: true },
  list: { L: [{ N: "1" }] },
  map: { M: { NaN: { S: "NaN" } } },
};
/** Attributes that the API returns, except keys of an index: DynamoDB allows only strings for them. */
const RETURNED = ["subject", "description", "customer", "assignee", "priority", "createdBy", "createdAt"];
const OTHER_RETURNED = ["updatedAt", "version", "origin", "resolvedConflict"];

describe("malformed item", () => {
  const logs = captureLogs();
  const CONFLICT_TABLE_NAME = CONFLICT_TABLE_NAMES.here;
  withEnvironment({
    AWS_REGION: IRELAND,
    TABLE_NAME,
    CONFLICT_TABLE_NAME,
    AWS_LAMBDA_FUNCTION_NAME: "api",
    ...FAKE_CREDENTIALS,
  });
  const table = new EmbeddedTable();
  let api: TicketApi;
  before(() => (api = ticketApi()));
  let last = 0;

  /** Stores a ticket with replaced attributes; undefined removes an attribute. */
  const store = async (replaced: Record<string, AttributeValue | undefined>): Promise<string> => {
    const id = idOf(++last);
    const whole = { ...toImage(ticketItem({ id, assignee: "Bob" })), ...replaced } as Image;
    await table.storeImage(
      Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)),
    );
    return id;
  };
  const malformed = (): unknown[] => logs.metrics.map(({ MalformedItems }) => MalformedItems);

  const faults: [string, Record<string, AttributeValue | undefined>][] = [
    ...[...RETURNED, ...OTHER_RETURNED].flatMap((name) =>
      Object.entries(ODD).map(([type, value]): [string, Record<string, AttributeValue>] => [
        `${name} that is ${type}`,
        { [name]: value },
      ]),
    ),
    ...["subject", "priority", "createdBy", "createdAt", "updatedAt", "version", "origin"].map(
      (name): [string, Record<string, undefined>] => [`no ${name}`, { [name]: undefined }],
    ),
    ["a subject that is blank", { subject: { S: " \t" } }],
    ["createdAt that is not a time", { createdAt: { S: "NaN" } }],
    ["an unknown priority", { priority: { S: "urgent" } }],
    ["a version in another format", { version: { S: "7" } }],
    ["an origin that differs from its version", { origin: { S: SINGAPORE } }],
    ["deleted that is a string", { deleted: { S: "yes" } }],
    ["the sort key of another ticket", { listSortKey: { S: `${new Date(NOW).toISOString()}#${idOf(0)}` } }],
  ];

  it("is skipped in every list and counted, and the pages before and after it are complete", async () => {
    const before = await store({});
    for (const [, replaced] of faults) await store(replaced);
    const after = await store({});
    for (const query of [{}, { status: "open" }, { assignee: "Bob" }] as Record<string, string>[]) {
      logs.metrics.length = 0;
      const { status, body } = await api.list({ ...query, limit: "1" });
      assert.deepEqual([status, body.tickets.length, body.tickets[0].id], [200, 1, after]);
      // All items are between the two tickets, except the one with another sort key.
      const counted = malformed().reduce<number>((sum, count) => sum + Number(count), 0);
      assert.ok(counted >= faults.length - 1, `${counted} of ${faults.length} were counted.`);
      const next = await api.list({ ...query, limit: "1", cursor: body.cursor });
      assert.deepEqual([next.status, next.body.tickets.length], [200, 1]);
      assert.equal(next.body.tickets[0].id, before);
    }
  });

  for (const [what, replaced] of faults)
    it(`returns 404 and can be deleted, with ${what}`, async () => {
      const id = await store(replaced);
      const { status, body } = await api.get(id);
      // The API does not return the sort key.
      if (what.includes("sort key")) return assert.equal(status, 200);
      assert.equal(status, 404);
      assert.match(body.detail, / is malformed\. /);
      assert.deepEqual(malformed(), [1]);
      assert.equal((await api.delete(id, { "if-match": "*" })).status, 412);
      assert.equal((await api.delete(id)).status, 204);
      assert.deepEqual((await table.stored(id))?.deleted, { BOOL: true });
    });

  for (const name of ["subject", "description", "customer", "assignee", "priority"])
    it(`is corrected by an edit of ${name}, which keeps every other attribute`, async () => {
      const id = await store({ [name]: ODD.integer, more: ODD.decimal });
      assert.equal((await api.update(id, { status: "closed" })).status, 404);
      const value = name === "priority" ? "high" : "corrected";
      const { status, body } = await api.update(id, { [name]: value });
      assert.deepEqual([status, body[name]], [200, value]);
      assert.deepEqual((await api.get(id)).body, body);
      assert.deepEqual((await table.stored(id))?.more, ODD.decimal);
    });

  it("returns 409 to a repeated create with its idempotency key", async () => {
    const headers = { "idempotency-key": "a-key" };
    const { body } = await api.create({ subject: "No heating" }, headers);
    const { id } = body as Ticket;
    await table.storeImage({ ...((await table.stored(id)) as Image), description: { NULL: true } });
    assert.equal((await api.create({ subject: "No heating" }, headers)).status, 409);
  });

  it("is not a ticket without optional texts, which is returned with empty texts", async () => {
    const id = await store({ description: undefined, customer: { S: "  " }, assignee: { S: "\t" } });
    const { description, customer, assignee } = (await api.get(id)).body as Ticket;
    assert.deepEqual([description, customer, assignee], ["", "", ""]);
  });

  it("does not hide a ticket after hundreds of malformed items that no page reads completely", async () => {
    const storeClosed = (replaced: Record<string, AttributeValue> = {}): Promise<string> =>
      store({
        status: { S: "closed" },
        statusShard: { S: statusShard("closed", shardOf(idOf(last + 1))) },
        ...replaced,
      });
    const wellFormed = await storeClosed();
    for (let count = 0; count < 800; count++) await storeClosed({ description: { NULL: true } });
    const listed: string[] = [];
    let pages = 0;
    let cursor: string | undefined;
    do {
      pages++;
      const page = await api.list({ status: "closed", limit: "2", ...(cursor && { cursor }) });
      assert.equal(page.status, 200);
      listed.push(...(page.body.tickets as Ticket[]).map(({ id }) => id));
      cursor = page.body.cursor;
    } while (cursor);
    assert.deepEqual([listed, pages], [[wellFormed], 2]);
  });

  for (const [what, replaced] of Object.entries<Record<string, AttributeValue>>({
    ...Object.fromEntries(Object.entries(ODD).map(([type, value]) => [type, { winningVersion: value }])),
    "a text": { winningVersion: { S: "0" } },
    "an entry without its write": { losing: { NULL: true } },
  }))
    it(`is replaced in the conflict table by a well-formed entry: ${what}`, async () => {
      const id = idOf(++last);
      const [losing, winning] = [ticketItem({ id }), ticketItem({ id, version: versionAt(9) })].map(
        (item) => replicatedWrite(toImage(item) as Image) as ReplicatedWrite,
      );
      const entry = conflictEntry(losing, winning);
      const limits = { connectionTimeout: 1000, requestTimeout: 5000, maxAttempts: 1 };
      const log = conflictTable(dynamoDB(IRELAND, limits), CONFLICT_TABLE_NAME);
      await table.storeImage({ ...conflictImage(entry), ...replaced }, CONFLICT_TABLE_NAME);
      assert.equal(await log.put(entry), undefined);
      assert.deepEqual(await log.put(entry), entry);
    });

  it("is skipped in the conflicts of a ticket", async () => {
    const id = idOf(++last);
    const write = (item: object): ReplicatedWrite =>
      replicatedWrite(toImage(item) as Image) as ReplicatedWrite;
    const winner = write(ticketItem({ id, version: versionAt(99, SINGAPORE), origin: SINGAPORE }));
    const entry = (at: number): Image =>
      conflictImage(conflictEntry(write(ticketItem({ id, version: versionAt(at) })), winner));
    await table.storeImage(entry(1), CONFLICT_TABLE_NAME);
    const losing = { M: { ...entry(2).losing.M, subject: ODD.integer } as Image };
    await table.storeImage({ ...entry(2), losing }, CONFLICT_TABLE_NAME);
    await table.storeImage({ ...entry(3), losing: { NULL: true } }, CONFLICT_TABLE_NAME);
    await table.storeImage({ ...entry(4), winningVersion: ODD.decimal }, CONFLICT_TABLE_NAME);
    await table.storeImage({ ...entry(5), losingVersion: { S: "7" } }, CONFLICT_TABLE_NAME);
    await table.storeImage({ ...entry(6), more: ODD.decimal }, CONFLICT_TABLE_NAME);
    const { status, body } = await api.conflicts(id);
    const shown = body.conflicts.map(({ losingVersion }: { losingVersion: string }) => losingVersion);
    assert.deepEqual([status, shown], [200, [versionAt(6), versionAt(1)]]);
    assert.deepEqual(malformed(), [4]);
    const recent = await api.recentConflicts({ limit: "100" });
    const ofTicket = recent.body.conflicts.filter((conflict: { id: string }) => conflict.id === id);
    assert.deepEqual([recent.status, ofTicket.length], [200, 5]);
  });
});
