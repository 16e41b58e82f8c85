import assert from "node:assert/strict";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from "@aws-sdk/client-dynamodb-streams";
import { FakeService } from "../../support/fake-service";
import { openEndpoint, type OpenEndpoint } from "../../support/open-endpoint";
import { credentialsWith } from "../../support/function-roles";

const MINE = "arn:aws:dynamodb:ddblocal:000000000000:table/tickets/stream/2025-11-23T00:00:00.000";
const OTHER = "arn:aws:dynamodb:ddblocal:000000000000:table/others/stream/2025-11-23T00:00:00.000";

describe("DynamoDB Streams calls through the AWS endpoint", () => {
  let next = 0;
  const streams = new FakeService(({ operation }) => {
    if (operation === "GetShardIterator") return { ShardIterator: `iterator-${++next}` };
    if (operation === "GetRecords") return { Records: [], NextShardIterator: `iterator-${++next}` };
    return operation === "ListStreams" ? { Streams: [] } : { StreamDescription: { StreamArn: MINE } };
  });
  let open: OpenEndpoint;
  let client: DynamoDBStreamsClient;

  beforeEach(async () => {
    open = await openEndpoint();
    await streams.start();
    open.endpoint.register("dynamodb", "eu-west-1", streams.url);
    const actions = ["dynamodb:DescribeStream", "dynamodb:GetShardIterator", "dynamodb:GetRecords"];
    const credentials = await credentialsWith(open.iam, [
      { Effect: "Allow", Action: actions, Resource: MINE },
      { Effect: "Allow", Action: "dynamodb:GetShardIterator", Resource: OTHER },
      { Effect: "Allow", Action: "dynamodb:ListStreams", Resource: "*" },
    ]);
    client = new DynamoDBStreamsClient({
      endpoint: open.url,
      region: "eu-west-1",
      credentials,
      maxAttempts: 1,
    });
  });
  afterEach(async () => {
    client.destroy();
    await open.endpoint.close();
    await streams.close();
  });

  async function iteratorOf(StreamArn: string): Promise<string> {
    const request = { StreamArn, ShardId: "shard", ShardIteratorType: "TRIM_HORIZON" } as const;
    return (await client.send(new GetShardIteratorCommand(request))).ShardIterator as string;
  }
  const records = (ShardIterator: string) => client.send(new GetRecordsCommand({ ShardIterator }));

  it("read records through iterators and their next iterators", async () => {
    await client.send(new ListStreamsCommand({}));
    await client.send(new DescribeStreamCommand({ StreamArn: MINE }));
    const first = await records(await iteratorOf(MINE));
    const second = await records(first.NextShardIterator as string);
    assert.deepEqual(second.Records, []);
  });

  it("are denied for the iterator of a stream that the role may not read", async () => {
    const iterator = await iteratorOf(OTHER);
    await assert.rejects(records(iterator), (error: Error) => {
      assert.equal(error.name, "AccessDeniedException");
      assert.ok(error.message.includes(`dynamodb:GetRecords on resource: ${OTHER}`));
      return true;
    });
  });

  it("reject an unknown iterator with an error after which a poller gets a new one", async () => {
    await assert.rejects(records("forged"), { name: "ExpiredIteratorException" });
    assert.ok(!streams.requests.some(({ input }) => input.ShardIterator === "forged"));
  });
});
