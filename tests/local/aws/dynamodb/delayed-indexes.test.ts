import assert from "node:assert/strict";
import {
  DeleteItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from "@aws-sdk/client-dynamodb";
import { NOW } from "../../../../testing/tickets";
import { DynamoDBFixture, TABLE, ticket } from "./dynamodb-fixture";

const DELAY_MS = 300;

describe("Delay of the local DynamoDB's indexes", () => {
  let dynamodb: DynamoDBFixture;
  let now: number;

  beforeEach(async () => {
    now = NOW;
    dynamodb = await DynamoDBFixture.start({ now: () => now, indexDelayMs: DELAY_MS });
    await dynamodb.createTable();
  });
  afterEach(() => dynamodb.close());

  const put = (id: string, status = "open", count = 0) =>
    dynamodb.ireland.send(
      new PutItemCommand({ TableName: TABLE, Item: { ...ticket(id, count), status: { S: status } } }),
    );
  const remove = (id: string) =>
    dynamodb.ireland.send(new DeleteItemCommand({ TableName: TABLE, Key: { id: { S: id } } }));
  const query = async (status: string, options: Partial<QueryCommandInput> = {}) =>
    dynamodb.ireland.send(
      new QueryCommand({
        TableName: TABLE,
        IndexName: "byStatus",
        KeyConditionExpression: "#status = :status",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: { ":status": { S: status } },
        ...options,
      }),
    );
  const idsOf = async (status: string, options: Partial<QueryCommandInput> = {}) =>
    (await query(status, options)).Items?.map(({ id }) => id.S).join(" ");

  it("shows a new item, a change and a delete after the delay", async () => {
    await put("a");
    assert.equal(await idsOf("open"), "");
    now += DELAY_MS - 1;
    assert.equal(await idsOf("open"), "");
    now += 1;
    assert.equal(await idsOf("open"), "a");
    await put("a", "open", 7);
    assert.equal((await query("open")).Items?.[0].count.N, "0");
    now += DELAY_MS;
    assert.equal((await query("open")).Items?.[0].count.N, "7");
    await remove("a");
    assert.equal(await idsOf("open"), "a");
    now += DELAY_MS;
    assert.equal(await idsOf("open"), "");
  });

  it("moves an item between two hash values after the delay", async () => {
    await put("a");
    now += DELAY_MS;
    await put("a", "closed");
    assert.deepEqual([await idsOf("open"), await idsOf("closed")], ["a", ""]);
    now += DELAY_MS;
    assert.deepEqual([await idsOf("open"), await idsOf("closed")], ["", "a"]);
  });

  it("shows each of several changes after its own delay", async () => {
    await put("a", "open", 1);
    now += 100;
    await put("a", "open", 2);
    now += DELAY_MS - 100;
    assert.equal((await query("open")).Items?.[0].count.N, "1");
    now += 100;
    assert.equal((await query("open")).Items?.[0].count.N, "2");
  });

  it("keeps the order and the pages of a query", async () => {
    for (const id of ["b", "d", "f", "h"]) await put(id);
    now += DELAY_MS;
    for (const id of ["d", "h"]) await remove(id);
    for (const id of ["a", "e", "i"]) await put(id);
    assert.equal(await idsOf("open"), "b d f h");
    assert.equal(await idsOf("open", { ScanIndexForward: false }), "h f d b");
    const first = await query("open", { Limit: 2 });
    assert.deepEqual(
      first.Items?.map(({ id }) => id.S),
      ["b", "d"],
    );
    assert.equal(await idsOf("open", { ExclusiveStartKey: first.LastEvaluatedKey }), "f h");
    now += DELAY_MS;
    assert.equal(await idsOf("open"), "a b e f i");
  });
});
