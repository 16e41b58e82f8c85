import assert from "node:assert/strict";
import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  TransactionCanceledException,
  UpdateItemCommand,
  type ConditionalCheckFailedException,
  type TransactWriteItem,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBFixture, TABLE, eventNames, ticket } from "./dynamodb-fixture";

const ABSENT = "attribute_not_exists(id)";

describe("Conditions and transactions", () => {
  let dynamodb: DynamoDBFixture;
  let streamArn: string;

  beforeEach(async () => {
    dynamodb = await DynamoDBFixture.start();
    streamArn = (await dynamodb.createTable()).outputs.streamArn as string;
    await dynamodb.ireland.send(new PutItemCommand({ TableName: TABLE, Item: ticket("a", 1) }));
  });
  afterEach(() => dynamodb.close());

  const transact = (items: TransactWriteItem[], ClientRequestToken?: string): Promise<unknown> =>
    dynamodb.ireland.send(new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken }));
  const ids = async (): Promise<unknown[]> =>
    (await dynamodb.ireland.send(new ScanCommand({ TableName: TABLE }))).Items?.map(
      ({ id }) => id.S,
    ).sort() ?? [];
  const putNew = (id: string): TransactWriteItem => ({
    Put: {
      TableName: TABLE,
      Item: ticket(id),
      ConditionExpression: ABSENT,
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
  });

  it("return the item of a failed condition if requested", async () => {
    const Key = { id: { S: "a" } };
    const common = { TableName: TABLE, ConditionExpression: ABSENT };
    for (const ReturnValuesOnConditionCheckFailure of ["ALL_OLD", "NONE"] as const) {
      const failing = { ...common, ReturnValuesOnConditionCheckFailure };
      const update = { UpdateExpression: "REMOVE nothing" };
      for (const call of [
        () => dynamodb.ireland.send(new PutItemCommand({ ...failing, Item: ticket("a", 2) })),
        () => dynamodb.ireland.send(new UpdateItemCommand({ ...failing, Key, ...update })),
        () => dynamodb.ireland.send(new DeleteItemCommand({ ...failing, Key })),
      ])
        await assert.rejects(call(), (error: ConditionalCheckFailedException) => {
          assert.equal(error.name, "ConditionalCheckFailedException");
          const expected = ReturnValuesOnConditionCheckFailure === "ALL_OLD" ? ticket("a", 1) : undefined;
          assert.deepEqual(error.Item, expected);
          return true;
        });
    }
  });

  it("write all items of a transaction, each with a stream record", async () => {
    await transact([
      putNew("b"),
      {
        Update: {
          TableName: TABLE,
          Key: { id: { S: "c" } },
          UpdateExpression: "SET #s = :s",
          ExpressionAttributeNames: { "#s": "status" },
          ExpressionAttributeValues: { ":s": { S: "closed" } },
        },
      },
      { Delete: { TableName: TABLE, Key: { id: { S: "a" } } } },
      { ConditionCheck: { TableName: TABLE, Key: { id: { S: "z" } }, ConditionExpression: ABSENT } },
    ]);
    assert.deepEqual(await ids(), ["b", "c"]);
    assert.deepEqual(eventNames(await dynamodb.records(streamArn)), ["INSERT", "INSERT", "INSERT", "REMOVE"]);
  });

  it("write nothing if one action fails, and return a reason per action in order", async () => {
    const wrongType: TransactWriteItem = {
      Update: {
        TableName: TABLE,
        Key: { id: { S: "d" } },
        UpdateExpression: "SET n = absent + :one",
        ExpressionAttributeValues: { ":one": { N: "1" } },
      },
    };
    await assert.rejects(
      transact([putNew("b"), putNew("a"), wrongType]),
      (error: TransactionCanceledException) => {
        assert.ok(error instanceof TransactionCanceledException);
        assert.match(error.message, /\[None, ConditionalCheckFailed, ValidationError\]/);
        assert.deepEqual(
          error.CancellationReasons?.map(({ Code }) => Code),
          ["None", "ConditionalCheckFailed", "ValidationError"],
        );
        assert.deepEqual(error.CancellationReasons?.[1].Item, ticket("a", 1));
        return true;
      },
    );
    assert.deepEqual(await ids(), ["a"]);
    assert.equal((await dynamodb.records(streamArn)).length, 1);
  });

  it("reject a transaction with a duplicate item, or a malformed one", async () => {
    const refused = { name: "ValidationException" };
    await assert.rejects(
      transact([putNew("b"), { Delete: { TableName: TABLE, Key: { id: { S: "b" } } } }]),
      refused,
    );
    await assert.rejects(transact([]), refused);
    await assert.rejects(transact([{}]), refused);
    const elsewhere = {
      ConditionCheck: { TableName: "nowhere", Key: { id: { S: "b" } }, ConditionExpression: ABSENT },
    };
    await assert.rejects(transact([elsewhere]), { name: "ResourceNotFoundException" });
  });

  it("commit a transaction once per request token", async () => {
    await transact([putNew("b")], "token");
    await transact([putNew("b")], "token");
    await assert.rejects(transact([putNew("c")], "token"), { name: "IdempotentParameterMismatchException" });
    assert.deepEqual(await ids(), ["a", "b"]);
  });

  it("read several items atomically", async () => {
    const get = (id: string): object => ({ Get: { TableName: TABLE, Key: { id: { S: id } } } });
    const { Responses } = await dynamodb.ireland.send(
      new TransactGetItemsCommand({ TransactItems: [get("a"), get("absent")] as never }),
    );
    assert.deepEqual(Responses, [{ Item: ticket("a", 1) }, {}]);
  });

  it("leave the item unchanged after a failed write", async () => {
    const failing = new PutItemCommand({
      TableName: TABLE,
      Item: ticket("a", 9),
      ConditionExpression: ABSENT,
    });
    await assert.rejects(dynamodb.ireland.send(failing), { name: "ConditionalCheckFailedException" });
    const { Item } = await dynamodb.ireland.send(
      new GetItemCommand({ TableName: TABLE, Key: { id: { S: "a" } } }),
    );
    assert.deepEqual(Item, ticket("a", 1));
  });
});
