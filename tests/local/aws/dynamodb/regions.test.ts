import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetItemCommand, ListTablesCommand, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { LocalDynamoDB } from "../../../../local/aws/dynamodb/dynamodb";
import { makeDirectory } from "../../../../shared/make-directory";
import {
  DynamoDBFixture,
  IRELAND,
  SINGAPORE,
  TABLE,
  TABLE_INPUTS,
  eventNames,
  ticket,
} from "./dynamodb-fixture";

const GET = new GetItemCommand({ TableName: TABLE, Key: { id: { S: "a" } } });
const PUT = new PutItemCommand({ TableName: TABLE, Item: ticket("a") });

describe("DynamoDB in two regions", () => {
  let directory: string;
  let dynamodb: DynamoDBFixture;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "dynamodb-"));
    dynamodb = await DynamoDBFixture.start({ directory });
  });
  afterEach(async () => {
    await dynamodb.close();
    await rm(directory, { recursive: true, force: true });
  });

  it("keeps the tables and items of the regions separate", async () => {
    await dynamodb.createTable();
    assert.deepEqual((await dynamodb.clients[SINGAPORE].send(new ListTablesCommand({}))).TableNames, []);
    const { outputs } = await dynamodb.createTable(TABLE_INPUTS, SINGAPORE);
    assert.match(outputs.arn as string, /^arn:aws:dynamodb:ap-southeast-1:/);
    await dynamodb.ireland.send(PUT);
    assert.equal((await dynamodb.clients[SINGAPORE].send(GET)).Item, undefined);
    assert.deepEqual(await dynamodb.records(outputs.streamArn as string, undefined, SINGAPORE), []);
  });

  it("drops calls to a region that is down, and returns its items when it is up again", async () => {
    await dynamodb.createTable();
    await dynamodb.createTable(TABLE_INPUTS, SINGAPORE);
    await dynamodb.ireland.send(PUT);
    dynamodb.regions.setState("ireland", "down");
    await assert.rejects(dynamodb.ireland.send(GET), /ECONNRESET|ECONNREFUSED|socket hang up/);
    await dynamodb.clients[SINGAPORE].send(PUT);
    dynamodb.regions.setState("ireland", "up");
    assert.deepEqual((await dynamodb.ireland.send(GET)).Item, ticket("a"));
  });

  it("keeps tables, items, indexes, settings and unread stream records across a restart", async () => {
    const { outputs } = await dynamodb.createTable({ ...TABLE_INPUTS, deletionProtectionEnabled: true });
    const streamArn = outputs.streamArn as string;
    await dynamodb.ireland.send(PUT);
    const [first] = await dynamodb.records(streamArn);
    await dynamodb.ireland.send(new PutItemCommand({ TableName: TABLE, Item: ticket("a", 1) }));

    await dynamodb.close();
    dynamodb = await DynamoDBFixture.start({ directory });

    const again = await dynamodb.createTable({ ...TABLE_INPUTS, deletionProtectionEnabled: true });
    assert.deepEqual(again.outputs, outputs);
    assert.deepEqual((await dynamodb.ireland.send(GET)).Item, ticket("a", 1));
    const query = new QueryCommand({
      TableName: TABLE,
      IndexName: "byStatus",
      KeyConditionExpression: "#s = :s",
      ExpressionAttributeNames: { "#s": "status" },
      ExpressionAttributeValues: { ":s": { S: "open" } },
    });
    assert.deepEqual((await dynamodb.ireland.send(query)).Items, [ticket("a", 1)]);
    await dynamodb.ireland.send(new PutItemCommand({ TableName: TABLE, Item: ticket("a", 2) }));
    const unread = await dynamodb.records(streamArn, {
      ShardIteratorType: "AFTER_SEQUENCE_NUMBER",
      SequenceNumber: first.dynamodb?.SequenceNumber,
    });
    assert.deepEqual(eventNames(unread), ["MODIFY", "MODIFY"]);
    assert.deepEqual(unread[1].dynamodb?.OldImage, unread[0].dynamodb?.NewImage);
  });

  it("names a data folder in use, and leaves the ports free", async () => {
    const regions = dynamodb.regions;
    await assert.rejects(LocalDynamoDB.start({ regions, directory }), (error: Error) => {
      assert.match(
        error.message,
        /The data folder .*eu-west-1 cannot be opened.*choose another folder with --data/s,
      );
      assert.match(error.message, /Stop the other local cloud that uses it/);
      return true;
    });
  });

  it("suggests to delete a damaged data folder", async () => {
    const damaged = await mkdtemp(join(tmpdir(), "damaged-"));
    const region = join(damaged, IRELAND);
    makeDirectory(region);
    await writeFile(join(region, "CURRENT"), "garbage\n");
    const start = LocalDynamoDB.start({ regions: dynamodb.regions, directory: damaged });
    await assert.rejects(start, (error: Error) => {
      assert.match(
        error.message,
        /cannot be opened: .*If it is damaged, delete it, or choose another folder/,
      );
      return true;
    });
    await rm(damaged, { recursive: true });
  });

  it("names a port in use and its purpose", async () => {
    const port = Number(new URL(dynamodb.service.endpoint(IRELAND)).port);
    const start = LocalDynamoDB.start({ regions: dynamodb.regions, ports: { [IRELAND]: port } });
    await assert.rejects(start, /Port \d+ .* needed for DynamoDB in eu-west-1, is in use/);
  });

  it("names the regions in the error for an unknown one", () => {
    assert.throws(() => dynamodb.service.endpoint("us-east-1"), /There is no region "us-east-1"/);
  });
});
