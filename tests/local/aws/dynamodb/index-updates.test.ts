import assert from "node:assert/strict";
import {
  DescribeTableCommand,
  PutItemCommand,
  QueryCommand,
  UpdateTableCommand,
  type GlobalSecondaryIndexUpdate,
  type UpdateTableCommandInput,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBFixture, TABLE, TABLE_INPUTS, ticket } from "./dynamodb-fixture";

const BY_TITLE = {
  IndexName: "byTitle",
  KeySchema: [
    { AttributeName: "title", KeyType: "HASH" as const },
    { AttributeName: "id", KeyType: "RANGE" as const },
  ],
  Projection: { ProjectionType: "INCLUDE" as const, NonKeyAttributes: ["count"] },
};
const TITLE = { AttributeName: "title", AttributeType: "S" as const };
const ID = { AttributeName: "id", AttributeType: "S" as const };

describe("Global secondary indexes of the local DynamoDB", () => {
  let dynamodb: DynamoDBFixture;

  beforeEach(async () => {
    dynamodb = await DynamoDBFixture.start();
    await dynamodb.createTable();
  });
  afterEach(() => dynamodb.close());

  const update = (change: Partial<UpdateTableCommandInput>, tableName = TABLE) =>
    dynamodb.ireland.send(new UpdateTableCommand({ TableName: tableName, ...change }));
  const updateIndex = (change: GlobalSecondaryIndexUpdate, AttributeDefinitions = [TITLE, ID]) =>
    update({ AttributeDefinitions, GlobalSecondaryIndexUpdates: [change] });
  const put = (id: string, more: PutItemCommand["input"]["Item"] = {}) =>
    dynamodb.ireland.send(new PutItemCommand({ TableName: TABLE, Item: { ...ticket(id), ...more } }));
  const titled = async (title: string) => {
    const query = new QueryCommand({
      TableName: TABLE,
      IndexName: "byTitle",
      KeyConditionExpression: "title = :t",
      ExpressionAttributeValues: { ":t": { S: title } },
    });
    return (await dynamodb.ireland.send(query)).Items;
  };
  const describeTable = async (name = TABLE) =>
    (await dynamodb.ireland.send(new DescribeTableCommand({ TableName: name }))).Table;

  it("are created with the items that the table has, and follow later writes", async () => {
    for (const id of ["b", "a"]) await put(id, { title: { S: "x" }, more: { S: "not projected" } });
    await put("c", { title: { S: "y" } });
    await put("none");
    await put("number", { title: { N: "1" } });
    await put("empty", { title: { S: "" } });
    const { TableDescription } = await updateIndex({ Create: BY_TITLE });
    const created = TableDescription?.GlobalSecondaryIndexes?.[1];
    assert.deepEqual([created?.IndexName, created?.IndexStatus], ["byTitle", "ACTIVE"]);
    assert.equal(created?.IndexArn, `${TableDescription?.TableArn}/index/byTitle`);
    assert.deepEqual(TableDescription?.AttributeDefinitions?.at(-1), TITLE);
    const item = (id: string) => ({ id: { S: id }, title: { S: "x" }, count: { N: "0" } });
    assert.deepEqual(await titled("x"), [item("a"), item("b")]);
    await put("a", { title: { S: "y" } });
    assert.deepEqual([(await titled("x"))?.length, (await titled("y"))?.length], [1, 2]);
    await assert.rejects(put("number", { title: { N: "1" } }), { name: "ValidationException" });
  });

  it("are created from more items than one batch", async () => {
    const ids = Array.from({ length: 1100 }, (_, index) => String(index).padStart(4, "0"));
    await Promise.all(ids.map((id) => put(id, { title: { S: "x" } })));
    await updateIndex({ Create: BY_TITLE });
    assert.equal((await titled("x"))?.length, ids.length);
  });

  it("are deleted with their attribute definitions, and contain nothing old when they are created again", async () => {
    await put("a", { title: { S: "x" } });
    await updateIndex({ Create: BY_TITLE });
    await updateIndex({ Delete: { IndexName: "byTitle" } }, []);
    assert.deepEqual(
      (await describeTable())?.AttributeDefinitions?.map(({ AttributeName }) => AttributeName),
      ["id", "status"],
    );
    await assert.rejects(titled("x"), { name: "ValidationException" });
    await put("a", { title: { S: "y" } });
    await updateIndex({ Create: BY_TITLE });
    assert.deepEqual([await titled("x"), (await titled("y"))?.length], [[], 1]);
    await updateIndex({ Delete: { IndexName: "byTitle" } }, []);
    await updateIndex({ Delete: { IndexName: "byStatus" } }, []);
    assert.equal((await describeTable())?.GlobalSecondaryIndexes, undefined);
  });

  it("are created and deleted one per request", async () => {
    const GlobalSecondaryIndexUpdates = [{ Create: BY_TITLE }, { Delete: { IndexName: "byStatus" } }];
    await assert.rejects(update({ AttributeDefinitions: [TITLE, ID], GlobalSecondaryIndexUpdates }), {
      name: "LimitExceededException",
      message: /Only 1 online index/,
    });
  });

  it("are rejected as on AWS if they exist, are unknown or are malformed", async () => {
    const rejects = async (change: GlobalSecondaryIndexUpdate, name: string, message: RegExp) =>
      assert.rejects(updateIndex(change), { name, message });
    const status = { ...BY_TITLE, IndexName: "byStatus" };
    await rejects({ Create: status }, "ValidationException", /already exists/);
    await rejects({ Delete: { IndexName: "none" } }, "ResourceNotFoundException", /Index: none/);
    const ProvisionedThroughput = { ReadCapacityUnits: 1, WriteCapacityUnits: 1 };
    await rejects(
      { Update: { IndexName: "none", ProvisionedThroughput } },
      "ResourceNotFoundException",
      /Index: none/,
    );
    await rejects(
      { Create: { ...BY_TITLE, ProvisionedThroughput } },
      "ValidationException",
      /PAY_PER_REQUEST/,
    );
    const undefinedKey = [{ AttributeName: "absent", KeyType: "HASH" as const }];
    await rejects({ Create: { ...BY_TITLE, KeySchema: undefinedKey } }, "ValidationException", /not defined/);
    await assert.rejects(
      updateIndex({ Create: BY_TITLE }, [TITLE, { AttributeName: "id", AttributeType: "N" as never }]),
      { name: "ValidationException", message: /id has the type S/ },
    );
    assert.equal((await describeTable())?.GlobalSecondaryIndexes?.length, 1);
  });

  it("need every key in the definitions of the request, also one that the table has", async () => {
    await assert.rejects(updateIndex({ Create: BY_TITLE }, [TITLE]), {
      name: "ValidationException",
      message: /not defined in AttributeDefinitions\. Keys: \[title, id\], AttributeDefinitions: \[title\]/,
    });
  });

  it("have a throughput of their own on a table with provisioned capacity", async () => {
    const throughput = (units: number) => ({ ReadCapacityUnits: units, WriteCapacityUnits: units });
    await dynamodb.createTable({
      name: "provisioned",
      attributes: [TABLE_INPUTS.attributes[0]],
      hashKey: "id",
      readCapacity: 1,
      writeCapacity: 1,
    });
    const change = (Create: object) =>
      update(
        {
          AttributeDefinitions: [TITLE, ID],
          GlobalSecondaryIndexUpdates: [{ Create: Create as typeof BY_TITLE }],
        },
        "provisioned",
      );
    await assert.rejects(change(BY_TITLE), /ProvisionedThroughput should be specified for index: byTitle/);
    await change({ ...BY_TITLE, ProvisionedThroughput: throughput(2) });
    const Update = { IndexName: "byTitle", ProvisionedThroughput: throughput(3) };
    await update({ GlobalSecondaryIndexUpdates: [{ Update }] }, "provisioned");
    const [index] = (await describeTable("provisioned"))?.GlobalSecondaryIndexes ?? [];
    assert.deepEqual([index.IndexStatus, index.ProvisionedThroughput?.ReadCapacityUnits], ["ACTIVE", 3]);
  });
});
