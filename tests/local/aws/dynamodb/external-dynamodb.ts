import assert from "node:assert/strict";
import { GetItemCommand, PutItemCommand, type AttributeValue } from "@aws-sdk/client-dynamodb";
import { deleteResource, readResource } from "../../support/create-resource";
import { DynamoDBFixture, IRELAND, SINGAPORE, TABLE, TABLE_INPUTS, ticket } from "./dynamodb-fixture";

const GET = new GetItemCommand({ TableName: TABLE, Key: { id: { S: "a" } } });

/**
 * Defines the tests that every DynamoDB must pass to be used with `--dynamodb-endpoint`. Each test needs an empty DynamoDB.
 * @param endpointUrl returns the URL of the DynamoDB.
 */
export function testExternalDynamoDB(endpointUrl: () => string): void {
  let dynamodb: DynamoDBFixture;

  beforeEach(async () => {
    dynamodb = await DynamoDBFixture.start({ endpointUrl: endpointUrl() });
  });
  afterEach(() => dynamodb.close());

  it("keeps the tables of the regions separate", async () => {
    await dynamodb.createTable();
    await dynamodb.createTable(TABLE_INPUTS, SINGAPORE);
    await dynamodb.ireland.send(new PutItemCommand({ TableName: TABLE, Item: ticket("a") }));
    assert.deepEqual((await dynamodb.ireland.send(GET)).Item, ticket("a"));
    assert.equal((await dynamodb.clients[SINGAPORE].send(GET)).Item, undefined);
  });

  it("returns streams with the region in ARNs and records, and items unchanged", async () => {
    const { outputs } = await dynamodb.createTable();
    assert.match(outputs.arn as string, /^arn:aws:dynamodb:eu-west-1:000000000000:table\/tickets$/);
    const note: AttributeValue = { S: "arn:aws:dynamodb:ddblocal:000000000000:table/tickets" };
    await dynamodb.ireland.send(new PutItemCommand({ TableName: TABLE, Item: { ...ticket("a"), note } }));
    assert.deepEqual((await dynamodb.ireland.send(GET)).Item?.note, note);
    const [record] = await dynamodb.records(outputs.streamArn as string);
    assert.equal(record.awsRegion, IRELAND);
    assert.equal(record.dynamodb?.Keys?.id.S, "a");
    assert.deepEqual(record.dynamodb?.NewImage, { ...ticket("a"), note });
  });

  it("keeps the tables of an earlier run, which the first resource that declares them adopts", async () => {
    const inputs = { ...TABLE_INPUTS, pointInTimeRecovery: { enabled: true }, tags: { app: "tickets" } };
    await dynamodb.createTable(inputs);
    await dynamodb.ireland.send(new PutItemCommand({ TableName: TABLE, Item: ticket("a") }));
    await dynamodb.close();
    dynamodb = await DynamoDBFixture.start({ endpointUrl: endpointUrl() });
    const adopted = await dynamodb.createTable(inputs);
    assert.deepEqual((await dynamodb.ireland.send(GET)).Item, ticket("a"));
    await assert.rejects(dynamodb.createTable(inputs), /ResourceInUseException/);
    assert.deepEqual((await readResource(dynamodb.service, adopted))?.inputs, inputs);
    await deleteResource(dynamodb.service, adopted);
    assert.equal(await readResource(dynamodb.service, adopted), undefined);
  });

  it("is unreachable in a region that is down", async () => {
    await dynamodb.createTable();
    dynamodb.regions.setState("ireland", "down");
    const put = new PutItemCommand({ TableName: TABLE, Item: ticket("a") });
    await assert.rejects(dynamodb.ireland.send(put), /ECONNRESET|ECONNREFUSED|socket hang up/);
    dynamodb.regions.setState("ireland", "up");
    await dynamodb.ireland.send(put);
  });
}
