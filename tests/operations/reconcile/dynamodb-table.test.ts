import assert from "node:assert/strict";
import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Image } from "../../../functions/shared/image";
import type { DeployedRegion } from "../../../operations/cli/deployed-regions";
import {
  checkConflictTable,
  checkTable,
  reconciledTable,
} from "../../../operations/reconcile/dynamodb-table";
import type { RegionClients, ConnectedRegion } from "../../../operations/cli/aws-clients";
import { DynamoDBFixture, TABLE } from "../../local/aws/dynamodb/dynamodb-fixture";
import { toImage } from "../../../testing/attribute-values";
import { idOf, IRELAND, ticketItem, versionAt } from "../../../testing/tickets";

const NO_WAIT = { whole: false, sleep: async () => undefined };

describe("reconciledTable", () => {
  let fixture: DynamoDBFixture;
  before(async () => {
    fixture = await DynamoDBFixture.start();
    await fixture.createTable();
  });
  after(() => fixture.close());

  const put = (item: object): Promise<unknown> =>
    fixture.ireland.send(new PutItemCommand({ TableName: TABLE, Item: toImage(item) as Image }));

  it("returns every item once over the pages of all segments, with the compared attributes only", async () => {
    const ids = Array.from({ length: 23 }, (_, number) => idOf(number));
    for (const id of ids) await put(ticketItem({ id }));
    const table = reconciledTable(fixture.ireland, TABLE, NO_WAIT);
    const found: Image[] = [];
    for (let segment = 0; segment < 3; segment++) {
      let after: string | undefined;
      do {
        const page = await table.scan({ segment, segments: 3, after, limit: 4 });
        assert.ok(page.images.length <= 4);
        found.push(...page.images);
        after = page.next;
      } while (after !== undefined);
    }
    assert.deepEqual(found.map(({ id }) => id.S).sort(), ids);
    assert.deepEqual(Object.keys(found[0]).sort(), [
      "assignee",
      "assigneeShard",
      "assigneeStatus",
      "createdAt",
      "id",
      "listSortKey",
      "origin",
      "status",
      "statusShard",
      "version",
    ]);
    const many = await table.getMany([idOf(1), idOf(99)]);
    assert.deepEqual([...many.keys()], [idOf(1)]);
    assert.equal((await table.get(idOf(1)))?.subject.S, "No heating");
  });

  it("stamps an item only while it has no version", async () => {
    await put({ id: idOf(50), subject: "Old" });
    const table = reconciledTable(fixture.ireland, TABLE, NO_WAIT);
    const attributes = { version: versionAt(0), origin: IRELAND, seen: {} };
    const stamp = { ...attributes, listing: undefined };
    assert.equal(await table.stamp(idOf(50), stamp), true);
    assert.deepEqual(await table.get(idOf(50)), toImage({ id: idOf(50), subject: "Old", ...attributes }));
    assert.equal(await table.stamp(idOf(50), { ...stamp, version: versionAt(5) }), false);
    assert.equal((await table.get(idOf(50)))?.version.S, versionAt(0));
    assert.equal(await table.stamp(idOf(51), stamp), false);
    assert.equal(await table.get(idOf(51)), undefined);
  });

  it("adds listing attributes with the stamp, or while the item has the version that was read", async () => {
    const { listSortKey, assigneeStatus, statusShard, assigneeShard, ...ticket } = ticketItem({
      id: idOf(60),
    });
    const listing = { listSortKey, assigneeStatus, statusShard, assigneeShard };
    const { version, origin, seen, ...plain } = ticket;
    const table = reconciledTable(fixture.ireland, TABLE, NO_WAIT);
    await put(plain);
    assert.equal(await table.stamp(idOf(60), { version, origin, seen, listing }), true);
    assert.deepEqual(await table.get(idOf(60)), toImage({ ...ticket, ...listing }));
    await put(ticket);
    assert.equal(await table.list(idOf(60), versionAt(1), listing), false);
    assert.equal(await table.list(idOf(60), version, listing), true);
    assert.deepEqual(await table.get(idOf(60)), toImage({ ...ticket, ...listing }));
  });

  it("retries unprocessed keys with growing waits and finally fails", async () => {
    const waits: number[] = [];
    const sleep = async (milliseconds: number): Promise<void> => void waits.push(milliseconds);
    const asked: number[] = [];
    /** Processes one key per call. */
    const slow = clientThat(({ RequestItems = {} }) => {
      const [first, ...rest] = RequestItems[TABLE].Keys ?? [];
      asked.push(rest.length + 1);
      const UnprocessedKeys = rest.length > 0 ? { [TABLE]: { ...RequestItems[TABLE], Keys: rest } } : {};
      return { Responses: { [TABLE]: [first] }, UnprocessedKeys };
    });
    const found = await reconciledTable(slow, TABLE, { whole: false, sleep }).getMany([
      idOf(1),
      idOf(2),
      idOf(3),
    ]);
    assert.deepEqual([...found.keys()], [idOf(1), idOf(2), idOf(3)]);
    assert.deepEqual(asked, [3, 2, 1]);
    assert.ok(waits.length === 2 && waits[1] > waits[0]);

    const busy = clientThat(({ RequestItems }) => ({ UnprocessedKeys: RequestItems }));
    await assert.rejects(
      reconciledTable(busy, TABLE, { whole: false, sleep }).getMany([idOf(1)]),
      /The table tickets is throttled\. Try again with a lower --rate\./,
    );
  });

  it("is rejected if it does not exist or has another key", async () => {
    const connected = (table: string): ConnectedRegion => ({
      region: { name: "ireland", code: IRELAND, table } as DeployedRegion,
      clients: { dynamodb: fixture.ireland } as RegionClients,
    });
    await fixture.createTable({
      name: "other",
      attributes: [{ name: "key", type: "S" }],
      hashKey: "key",
      billingMode: "PAY_PER_REQUEST",
    });
    assert.equal(await checkTable(connected(TABLE)), 0);
    await assert.rejects(
      checkTable(connected("other")),
      /The table other of ireland \(eu-west-1\) is not a ticket table: its key is not the string id alone\./,
    );
    await assert.rejects(
      checkTable(connected("none")),
      /The table none of ireland \(eu-west-1\) cannot be read \(ResourceNotFoundException/,
    );
    const conflicts = { ...connected(TABLE), region: { ...connected(TABLE).region, conflictTable: TABLE } };
    await assert.rejects(
      checkConflictTable(conflicts),
      /The table tickets of ireland \(eu-west-1\) is not a conflict table: its key is not id and losingVersion\./,
    );
  });
});

/** Client with a fake BatchGetItem. */
function clientThat(answer: (input: BatchGetItemCommandInput) => object): DynamoDBClient {
  const send = async (command: BatchGetItemCommand): Promise<object> => answer(command.input);
  return { send } as unknown as DynamoDBClient;
}
