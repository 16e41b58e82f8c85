import assert from "node:assert/strict";
import {
  type AttributeValue,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  ThrottlingException,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { NOW } from "../../../../testing/tickets";
import { DynamoDBFixture, TABLE, TABLE_INPUTS } from "./dynamodb-fixture";

const KEYS_ONLY = [{ name: "byStatus", hashKey: "status", rangeKey: "id", projectionType: "KEYS_ONLY" }];
const NO_INDEX = { globalSecondaryIndexes: undefined, attributes: [{ name: "id", type: "S" }] };
/** Characters of an item that consumes 100 units. */
const CHARACTERS = 100 * 1024 - 50;

describe("Write units of the local DynamoDB", () => {
  let dynamodb: DynamoDBFixture;
  let now: number;

  beforeEach(async () => {
    now = NOW;
    dynamodb = await DynamoDBFixture.start({ now: () => now });
  });
  afterEach(() => dynamodb.close());

  const create = (changes: object = {}) => dynamodb.createTable({ ...TABLE_INPUTS, ...changes });
  const item = (id: string, attributes: Record<string, AttributeValue> = {}) => ({
    id: { S: id },
    status: { S: "open" },
    text: { S: "x".repeat(CHARACTERS) },
    ...attributes,
  });
  const put = (Item: Record<string, AttributeValue>) =>
    dynamodb.ireland.send(new PutItemCommand({ TableName: TABLE, Item }));
  const exists = async (id: string) => {
    const Key = { id: { S: id } };
    return (await dynamodb.ireland.send(new GetItemCommand({ TableName: TABLE, Key }))).Item !== undefined;
  };
  const throttledBy = (reason: string, resource: RegExp) => (error: unknown) => {
    assert.ok(error instanceof ThrottlingException, String(error));
    assert.equal(error.throttlingReasons?.[0].reason, `${reason}WriteKeyRangeThroughputExceeded`);
    assert.match(error.throttlingReasons?.[0].resource ?? "", resource);
    return true;
  };

  it("are 1,000 a second for a hash value of an index, and a write beyond them writes nothing", async () => {
    await create();
    for (let number = 0; number < 10; number++) await put(item(`${number}`));
    await assert.rejects(put(item("late")), throttledBy("Index", /table\/tickets\/index\/byStatus$/));
    assert.equal(await exists("late"), false);
    await put(item("other", { status: { S: "closed" } }));
    now += 100;
    await put(item("late"));
    await assert.rejects(put(item("later")), ThrottlingException);
  });

  it("count the projected attributes of an index only", async () => {
    await create({ globalSecondaryIndexes: KEYS_ONLY });
    for (let number = 0; number < 20; number++) await put(item(`${number}`));
  });

  it("are not consumed in an index whose entry does not change, and twice by a changed key", async () => {
    await create();
    const small = { text: { S: "x" } };
    const ids = Array.from({ length: 1000 }, (_, number) => `${number}`);
    for (const id of ids) await put(item(id, small));
    // The same entry again consumes nothing, in an index that has nothing left.
    await put(item("0", small));
    await assert.rejects(put(item("new", small)), throttledBy("Index", /byStatus$/));
    const closed = { ...small, status: { S: "closed" } };
    await assert.rejects(put(item("0", closed)), throttledBy("Index", /byStatus$/));
    now += 1;
    await put(item("0", closed));
  });

  it("are 1,000 a second for a hash value of the table", async () => {
    await create(NO_INDEX);
    for (let number = 0; number < 10; number++) await put(item("a"));
    await assert.rejects(put(item("a")), throttledBy("Table", /table\/tickets$/));
    const Key = { id: { S: "a" } };
    await assert.rejects(
      dynamodb.ireland.send(new DeleteItemCommand({ TableName: TABLE, Key })),
      throttledBy("Table", /table\/tickets$/),
    );
    await put(item("b"));
  });

  it("are consumed twice in the table by a transaction, which is canceled beyond them", async () => {
    await create(NO_INDEX);
    const transact = () =>
      dynamodb.ireland.send(
        new TransactWriteItemsCommand({
          TransactItems: [{ Put: { TableName: TABLE, Item: item("a") } }],
        }),
      );
    for (let number = 0; number < 5; number++) await transact();
    await assert.rejects(transact(), (error: unknown) => {
      assert.ok(error instanceof TransactionCanceledException);
      assert.deepEqual(
        error.CancellationReasons?.map(({ Code }) => Code),
        ["ThrottlingError"],
      );
      return true;
    });
  });

  it("are consumed by a batch as a whole", async () => {
    await create();
    const batch = (prefix: string) =>
      dynamodb.ireland.send(
        new BatchWriteItemCommand({
          RequestItems: {
            [TABLE]: Array.from({ length: 6 }, (_, number) => ({
              PutRequest: { Item: item(`${prefix}${number}`) },
            })),
          },
        }),
      );
    await batch("a");
    await assert.rejects(batch("b"), ThrottlingException);
    assert.equal(await exists("b0"), false);
  });
});
