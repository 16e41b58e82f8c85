import assert from "node:assert/strict";
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeLimitsCommand,
  DescribeTableCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBFixture, TABLE, TABLE_INPUTS, ticket } from "./dynamodb-fixture";

describe("Tables of the local DynamoDB", () => {
  let dynamodb: DynamoDBFixture;

  beforeEach(async () => (dynamodb = await DynamoDBFixture.start()));
  afterEach(() => dynamodb.close());

  it("are created from the program's inputs, with the outputs of the provider", async () => {
    const { id, outputs } = await dynamodb.createTable({
      ...TABLE_INPUTS,
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: true,
      serverSideEncryption: { enabled: true },
      tags: { app: "tickets" },
    });
    assert.equal(id, TABLE);
    assert.equal(outputs.name, TABLE);
    assert.equal(outputs.arn, "arn:aws:dynamodb:eu-west-1:000000000000:table/tickets");
    assert.match(outputs.streamArn as string, /:table\/tickets\/stream\/\d{4}-/);
    assert.equal(outputs.streamArn, `${outputs.arn}/stream/${outputs.streamLabel}`);
    const { Table } = await dynamodb.ireland.send(new DescribeTableCommand({ TableName: TABLE }));
    assert.equal(Table?.TableStatus, "ACTIVE");
    assert.equal(Table?.BillingModeSummary?.BillingMode, "PAY_PER_REQUEST");
    assert.equal(Table?.DeletionProtectionEnabled, true);
    assert.equal(Table?.SSEDescription?.Status, "ENABLED");
    assert.equal(Table?.GlobalSecondaryIndexes?.[0].IndexStatus, "ACTIVE");
    const tags = await dynamodb.ireland.send(
      new ListTagsOfResourceCommand({ ResourceArn: outputs.arn as string }),
    );
    assert.deepEqual(tags.Tags, [{ Key: "app", Value: "tickets" }]);
    const backups = await dynamodb.ireland.send(new DescribeContinuousBackupsCommand({ TableName: TABLE }));
    const recovery = backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
    assert.equal(recovery?.PointInTimeRecoveryStatus, "ENABLED");
  });

  it("have the generated name if the program sets none", async () => {
    const { id } = await dynamodb.createTable({ ...TABLE_INPUTS, name: undefined });
    assert.equal(id, "table-0a1b2c3");
  });

  it("reject inputs that are not emulated, by name", async () => {
    const replicas = { ...TABLE_INPUTS, replicas: [{ regionName: "us-east-1" }] };
    await assert.rejects(dynamodb.createTable(replicas), /does not support replicas of aws:dynamodb/);
    const index = { ...TABLE_INPUTS.globalSecondaryIndexes[0], warmThroughput: { readUnitsPerSecond: 1 } };
    const warm = { ...TABLE_INPUTS, globalSecondaryIndexes: [index] };
    await assert.rejects(dynamodb.createTable(warm), /globalSecondaryIndexes\.warmThroughput/);
  });

  it("return queries of an index in order, in pages", async () => {
    await dynamodb.createTable();
    for (const id of ["c", "a", "d", "b"])
      await dynamodb.ireland.send(new PutItemCommand({ TableName: TABLE, Item: ticket(id) }));
    const closed = { ...ticket("b"), status: { S: "closed" } };
    await dynamodb.ireland.send(new PutItemCommand({ TableName: TABLE, Item: closed }));
    const page = (start?: object): Promise<{ Items?: { id: { S?: string } }[]; LastEvaluatedKey?: object }> =>
      dynamodb.ireland.send(
        new QueryCommand({
          TableName: TABLE,
          IndexName: "byStatus",
          KeyConditionExpression: "#s = :open",
          ExpressionAttributeNames: { "#s": "status" },
          ExpressionAttributeValues: { ":open": { S: "open" } },
          Limit: 2,
          ScanIndexForward: false,
          ExclusiveStartKey: start as never,
        }),
      ) as never;
    const first = await page();
    const second = await page(first.LastEvaluatedKey);
    assert.deepEqual(
      first.Items?.map(({ id }) => id.S),
      ["d", "c"],
    );
    assert.deepEqual(
      second.Items?.map(({ id }) => id.S),
      ["a"],
    );
    assert.equal(second.LastEvaluatedKey, undefined);
  });

  it("cannot be deleted while protected, and leave no data after deletion", async () => {
    await dynamodb.createTable({ ...TABLE_INPUTS, deletionProtectionEnabled: true });
    await dynamodb.ireland.send(new PutItemCommand({ TableName: TABLE, Item: ticket("a") }));
    const deletion = (): Promise<unknown> =>
      dynamodb.ireland.send(new DeleteTableCommand({ TableName: TABLE }));
    await assert.rejects(deletion(), { name: "ValidationException", message: /protected against deletion/ });
    await dynamodb.ireland.send(
      new UpdateTableCommand({ TableName: TABLE, DeletionProtectionEnabled: false }),
    );
    await deletion();
    assert.deepEqual((await dynamodb.ireland.send(new ListTablesCommand({}))).TableNames, []);
    await dynamodb.createTable();
    const query = new QueryCommand({
      TableName: TABLE,
      KeyConditionExpression: "id = :a",
      ExpressionAttributeValues: { ":a": { S: "a" } },
    });
    assert.equal((await dynamodb.ireland.send(query)).Count, 0);
  });

  it("store changed tags and recovery settings", async () => {
    const ResourceArn = (await dynamodb.createTable()).outputs.arn as string;
    const Tags = [
      { Key: "a", Value: "1" },
      { Key: "b", Value: "2" },
    ];
    await dynamodb.ireland.send(new TagResourceCommand({ ResourceArn, Tags }));
    await dynamodb.ireland.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["a"] }));
    const { Tags: kept } = await dynamodb.ireland.send(new ListTagsOfResourceCommand({ ResourceArn }));
    assert.deepEqual(kept, [{ Key: "b", Value: "2" }]);
    const set = (PointInTimeRecoveryEnabled: boolean): Promise<unknown> =>
      dynamodb.ireland.send(
        new UpdateContinuousBackupsCommand({
          TableName: TABLE,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled },
        }),
      );
    await set(true);
    await set(false);
    const { ContinuousBackupsDescription: backups } = await dynamodb.ireland.send(
      new DescribeContinuousBackupsCommand({ TableName: TABLE }),
    );
    assert.equal(backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus, "DISABLED");
  });

  it("return DynamoDB's errors for a duplicate table, a missing table, an unknown operation and an unsupported change", async () => {
    await dynamodb.createTable();
    const again = new CreateTableCommand({
      TableName: TABLE,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    });
    await assert.rejects(dynamodb.ireland.send(again), { name: "ResourceInUseException" });
    const none = new PutItemCommand({ TableName: "none", Item: ticket("a") });
    await assert.rejects(dynamodb.ireland.send(none), { name: "ResourceNotFoundException" });
    await assert.rejects(dynamodb.ireland.send(new DescribeLimitsCommand({})), {
      name: "UnknownOperationException",
    });
    const witness = new UpdateTableCommand({ TableName: TABLE, MultiRegionConsistency: "STRONG" });
    await assert.rejects(dynamodb.ireland.send(witness), {
      name: "ValidationException",
      message: /does not emulate MultiRegionConsistency/,
    });
  });

  it("return SerializationException for a body that is not JSON", async () => {
    const response = await fetch(dynamodb.service.endpoint("eu-west-1"), { method: "POST", body: "{" });
    assert.equal(response.status, 400);
    assert.match(await response.text(), /SerializationException/);
  });
});
