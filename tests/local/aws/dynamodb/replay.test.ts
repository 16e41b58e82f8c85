import assert from "node:assert/strict";
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type AttributeValue,
} from "@aws-sdk/client-dynamodb";
import type { _Record } from "@aws-sdk/client-dynamodb-streams";
import fc from "fast-check";
import { DynamoDBFixture, TABLE, TABLE_INPUTS, ticket } from "./dynamodb-fixture";

type Item = Record<string, AttributeValue>;
type Write = { readonly kind: string; readonly id: string; readonly count: number };
const EXPECTED_FAILURES = ["ConditionalCheckFailedException", "TransactionCanceledException"];

describe("Replaying a table's stream", () => {
  let dynamodb: DynamoDBFixture;
  let table = 0;

  before(async () => (dynamodb = await DynamoDBFixture.start()));
  after(() => dynamodb.close());

  it("reproduces the table's items for any sequential or parallel writes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(write, { maxLength: 5 }), { maxLength: 12 }), async (rounds) => {
        const name = `${TABLE}-${table++}`;
        const { outputs } = await dynamodb.createTable({ ...TABLE_INPUTS, name });
        for (const round of rounds) await Promise.all(round.map((entry) => apply(dynamodb, name, entry)));
        const { Items } = await dynamodb.ireland.send(new ScanCommand({ TableName: name }));
        const replayed = replay(await dynamodb.records(outputs.streamArn as string));
        assert.deepEqual(replayed, new Map(sorted(Items as Item[])));
      }),
      { numRuns: 40 },
    );
  });

  it("finds a gapless chain of images after parallel writes of one item", async () => {
    const { outputs } = await dynamodb.createTable({ ...TABLE_INPUTS, name: "contended" });
    const add = (): Promise<unknown> =>
      dynamodb.ireland.send(
        new UpdateItemCommand({
          TableName: "contended",
          Key: { id: { S: "a" } },
          UpdateExpression: "ADD #c :one",
          ExpressionAttributeNames: { "#c": "count" },
          ExpressionAttributeValues: { ":one": { N: "1" } },
        }),
      );
    await Promise.all(Array.from({ length: 100 }, add));
    const records = await dynamodb.records(outputs.streamArn as string);
    assert.equal(records.length, 100);
    assert.deepEqual(replay(records).get("a")?.count, { N: "100" });
  });

  it("finds the write of exactly one of many conditional writers", async () => {
    await dynamodb.createTable({ ...TABLE_INPUTS, name: "one-winner" });
    const create = (count: number): Promise<unknown> =>
      dynamodb.ireland.send(
        new PutItemCommand({
          TableName: "one-winner",
          Item: ticket("a", count),
          ConditionExpression: "attribute_not_exists(id)",
        }),
      );
    const results = await Promise.allSettled(Array.from({ length: 30 }, (_, count) => create(count)));
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
  });
});

const write: fc.Arbitrary<Write> = fc.record({
  kind: fc.constantFrom("put", "create", "update", "delete", "deleteIf", "batch", "transaction"),
  id: fc.constantFrom("a", "b", "c", "d"),
  count: fc.nat({ max: 3 }),
});

async function apply(
  dynamodb: DynamoDBFixture,
  TableName: string,
  { kind, id, count }: Write,
): Promise<void> {
  const Key = { id: { S: id } };
  const named = {
    ExpressionAttributeNames: { "#c": "count" },
    ExpressionAttributeValues: { ":c": { N: String(count) } },
  };
  const update = { TableName, Key, UpdateExpression: "SET #c = :c", ...named };
  const commands: Record<string, () => Promise<unknown>> = {
    put: () => dynamodb.ireland.send(new PutItemCommand({ TableName, Item: ticket(id, count) })),
    create: () =>
      dynamodb.ireland.send(
        new PutItemCommand({
          TableName,
          Item: ticket(id, count),
          ConditionExpression: "attribute_not_exists(id)",
        }),
      ),
    update: () => dynamodb.ireland.send(new UpdateItemCommand(update)),
    delete: () => dynamodb.ireland.send(new DeleteItemCommand({ TableName, Key })),
    deleteIf: () =>
      dynamodb.ireland.send(
        new DeleteItemCommand({ TableName, Key, ConditionExpression: "#c = :c", ...named }),
      ),
    batch: () =>
      dynamodb.ireland.send(
        new BatchWriteItemCommand({
          RequestItems: {
            [TableName]: [{ PutRequest: { Item: ticket("e", count) } }, { DeleteRequest: { Key } }],
          },
        }),
      ),
    transaction: () =>
      dynamodb.ireland.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { Put: { TableName, Item: ticket("f", count) } },
            { Update: { ...update, ConditionExpression: "#c <> :c" } },
            {
              ConditionCheck: {
                TableName,
                Key: { id: { S: "e" } },
                ConditionExpression: "#c <> :c",
                ...named,
              },
            },
          ],
        }),
      ),
  };
  await commands[kind]().catch((error: Error) =>
    assert.ok(EXPECTED_FAILURES.includes(error.name), error.stack),
  );
}

/** Applies records to an empty table. Each OldImage must equal the current item. */
function replay(records: readonly _Record[]): Map<string, Item> {
  const items = new Map<string, Item>();
  let last = 0n;
  for (const { eventName, dynamodb: change } of records) {
    const sequence = BigInt(change?.SequenceNumber as string);
    assert.ok(sequence > last, "sequence numbers ascend");
    last = sequence;
    const id = change?.Keys?.id.S as string;
    assert.deepEqual(change?.OldImage, items.get(id));
    assert.equal(eventName, !change?.OldImage ? "INSERT" : change.NewImage ? "MODIFY" : "REMOVE");
    if (change?.NewImage) items.set(id, change.NewImage);
    else items.delete(id);
  }
  return new Map(sorted([...items.values()]));
}

function sorted(items: readonly Item[]): [string, Item][] {
  return items
    .map((item): [string, Item] => [item.id.S as string, item])
    .sort(([left], [right]) => (left < right ? -1 : 1));
}
