import assert from "node:assert/strict";
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient, ListStreamsCommand } from "@aws-sdk/client-dynamodb-streams";
import type { RegionState } from "../../../../local/aws/region-state";
import { emptyTicketTable, FakeService } from "../../support/fake-service";
import { dynamoDBClient, openEndpoint, type OpenEndpoint } from "../../support/open-endpoint";
import { credentialsWith } from "../../support/function-roles";

/** Time after which a write counts as unanswered, in milliseconds. It is far longer than a response takes. */
const UNANSWERED_MS = 1000;
const TableName = "tickets";
const keyOf = (id: string) => ({ id: { S: id } });
const read = new GetItemCommand({ TableName, Key: keyOf("1") });
const query = new QueryCommand({
  TableName,
  KeyConditionExpression: "id = :id",
  ExpressionAttributeValues: { ":id": { S: "1" } },
});
const putOf = (id: string) => new PutItemCommand({ TableName, Item: keyOf(id) });
const writes = [
  putOf("1"),
  putOf("canary-ap-southeast-1"),
  new UpdateItemCommand({ TableName, Key: keyOf("1") }),
  new DeleteItemCommand({ TableName, Key: keyOf("1") }),
  new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item: keyOf("1") } }] } }),
  new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item: keyOf("1") } }] }),
];

describe("A function's call to the DynamoDB of a region", () => {
  const service = new FakeService(emptyTicketTable);
  let open: OpenEndpoint;
  let client: ReturnType<typeof dynamoDBClient>;
  let other: ReturnType<typeof dynamoDBClient>;
  let streams: DynamoDBStreamsClient;

  before(async () => {
    open = await openEndpoint();
    await service.start();
    open.endpoint.register("dynamodb", "eu-west-1", service.url);
    open.endpoint.register("dynamodb", "ap-southeast-1", service.url);
    const credentials = await credentialsWith(open.iam, [{ Effect: "Allow", Action: "*", Resource: "*" }]);
    client = dynamoDBClient(open.url, credentials);
    other = dynamoDBClient(open.url, credentials, "ap-southeast-1");
    streams = new DynamoDBStreamsClient({
      endpoint: open.url,
      region: "eu-west-1",
      credentials,
      maxAttempts: 1,
    });
  });
  after(async () => {
    for (const made of [client, other, streams]) made.destroy();
    await open.endpoint.close();
    await service.close();
  });
  afterEach(() => open.regions.setState("ireland", "up"));

  it("is throttled in a throttled region only", async () => {
    open.regions.setState("ireland", "throttled");
    service.requests.length = 0;
    for (const command of [read, query, ...writes])
      await assert.rejects(client.send(command as typeof read), {
        name: "ProvisionedThroughputExceededException",
      });
    assert.deepEqual(service.operations(), []);
    await other.send(read);
    await streams.send(new ListStreamsCommand({}));
    assert.deepEqual(service.operations(), ["GetItem", "ListStreams"]);
  });

  it("fails if it writes while writes fail, except the canary item", async () => {
    open.regions.setState("ireland", "writes-fail");
    await client.send(read);
    await client.send(query);
    await client.send(putOf("canary-eu-west-1"));
    for (const command of writes)
      await assert.rejects(client.send(command as typeof read), { name: "InternalServerError" });
    await other.send(putOf("1"));
  });

  it("reaches DynamoDB and gets no response if it writes while writes are unanswered, except the canary item", async () => {
    open.regions.setState("ireland", "writes-unanswered");
    await client.send(read);
    await client.send(query);
    await client.send(putOf("canary-eu-west-1"));
    await other.send(putOf("1"));
    service.requests.length = 0;
    for (const command of writes) {
      const limit = AbortSignal.timeout(UNANSWERED_MS);
      await assert.rejects(client.send(command as typeof read, { abortSignal: limit }), {
        name: "AbortError",
      });
    }
    assert.deepEqual(
      service.operations(),
      writes.map(({ constructor: { name } }) => name.replace("Command", "")),
    );
  });

  it("is delayed by a second if the region is slow", async () => {
    open.regions.setState("ireland", "slow");
    const [here, there] = await Promise.all([timed(() => client.send(read)), timed(() => other.send(read))]);
    // The order shows that the other region is not delayed; its response time depends on the machine.
    assert.ok(here >= 990 && there < here, `${here} ms, ${there} ms`);
  });

  for (const state of ["up", "api-down", "isolated"] as const satisfies RegionState[])
    it(`succeeds within the region itself while it is ${state}`, async () => {
      open.regions.setState("ireland", state);
      for (const command of [read, ...writes]) await client.send(command as typeof read);
    });
});

async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}
