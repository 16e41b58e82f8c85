import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type DescribeStreamCommandInput,
} from "@aws-sdk/client-dynamodb-streams";
import { shardOfKey, streamOf, sequenceNumberIn } from "../../../../local/aws/dynamodb/streams/stream";
import { waitFor } from "../../../support/wait-for";
import { DynamoDBFixture, IRELAND, TABLE, ticket } from "./dynamodb-fixture";

const SHARDS = 4;
const IDS = Array.from({ length: 24 }, (_, index) => `ticket-${index}`);

describe("A DynamoDB stream with several shards", () => {
  let dynamodb: DynamoDBFixture;
  let streamArn: string;
  let directory: string;
  let now: number | undefined;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "shards-"));
    now = undefined;
    await start();
    streamArn = (await dynamodb.createTable()).outputs.streamArn as string;
  });
  afterEach(async () => {
    await dynamodb.close();
    await rm(directory, { recursive: true });
  });

  const start = async (shards = SHARDS): Promise<void> => {
    const timeToLive = { intervalMs: 5 };
    dynamodb = await DynamoDBFixture.start({ shards, directory, timeToLive, now: () => now ?? Date.now() });
  };
  const put = (id: string, count = 0): Promise<unknown> =>
    dynamodb.ireland.send(new PutItemCommand({ TableName: TABLE, Item: ticket(id, count) }));
  const describeShards = async (more: Partial<DescribeStreamCommandInput> = {}): Promise<string[]> => {
    const command = new DescribeStreamCommand({ StreamArn: streamArn, ...more });
    const { StreamDescription } = await dynamodb.streams[IRELAND].send(command);
    return (StreamDescription?.Shards ?? []).map(({ ShardId }) => ShardId as string);
  };
  const read = async (ShardId: string, more: object = {}): Promise<{ id?: string; count?: string }[]> => {
    const options = { ShardIteratorType: "TRIM_HORIZON" as const, ...more };
    const { ShardIterator } = await dynamodb.streams[IRELAND].send(
      new GetShardIteratorCommand({ StreamArn: streamArn, ShardId, ...options }),
    );
    const { Records = [] } = await dynamodb.streams[IRELAND].send(new GetRecordsCommand({ ShardIterator }));
    return Records.map(({ dynamodb: change }) => ({
      id: change?.Keys?.id.S,
      count: change?.NewImage?.count.N,
    }));
  };

  it("has the number of shards that it was created with, also after a restart with another number", async () => {
    const shards = await describeShards();
    assert.equal(new Set(shards).size, SHARDS);
    await put("a");
    await dynamodb.close();
    await start(1);
    assert.deepEqual(await describeShards(), shards);
    assert.deepEqual(await read(shards[shardOfKey({ S: "a" }, SHARDS)]), [{ id: "a", count: "0" }]);
  });

  it("keeps the records of an item in one shard, in order, and uses every shard", async () => {
    for (const count of [1, 2]) for (const id of IDS) await put(id, count);
    for (const [index, shardId] of (await describeShards()).entries()) {
      const expected = IDS.filter((id) => shardOfKey({ S: id }, SHARDS) === index);
      assert.notEqual(expected.length, 0);
      const records = [1, 2].flatMap((count) => expected.map((id) => ({ id, count: String(count) })));
      assert.deepEqual(await read(shardId), records);
    }
  });

  it("is described in pages", async () => {
    const all = await describeShards();
    assert.deepEqual(await describeShards({ Limit: 3 }), all.slice(0, 3));
    assert.deepEqual(await describeShards({ ExclusiveStartShardId: all[2] }), all.slice(3));
    assert.deepEqual(await describeShards({ ExclusiveStartShardId: all[3] }), []);
    await assert.rejects(read("shardId-00000000000000000000-ffffffff"), {
      name: "ResourceNotFoundException",
    });
  });

  it("trims each shard apart, so that a reader of an idle one loses nothing", async () => {
    const [a, b] = [IDS[0], IDS.find((id) => shardOf(id) !== shardOf(IDS[0])) as string];
    await put(a);
    const shards = await describeShards();
    const { ShardIterator } = await dynamodb.streams[IRELAND].send(
      new GetShardIteratorCommand({
        StreamArn: streamArn,
        ShardId: shards[shardOf(b)],
        ShardIteratorType: "LATEST",
      }),
    );
    now = Date.now() + 25 * 60 * 60 * 1000;
    await waitFor(async () => (await read(shards[shardOf(a)])).length === 0, { what: "the trimmed record" });
    now = undefined;
    const { Records } = await dynamodb.streams[IRELAND].send(new GetRecordsCommand({ ShardIterator }));
    assert.deepEqual(Records, []);
  });

  it("continues the sequence numbers of a stream of an earlier version, which begin with 1", () => {
    const stored = {
      ...{ arn: "arn", label: "label", tableName: TABLE, viewType: "NEW_IMAGE" as const, keySchema: [] },
      ...{ createdAt: 1, startingSequence: "100000000000000000007", trimmedTo: "100000000000000000009" },
    };
    const stream = streamOf(stored);
    assert.deepEqual(stream.shards, [{ trimmedTo: "100000000000000000009" }]);
    assert.equal(sequenceNumberIn(stream, 12n), "100000000000000000012");
  });

  const shardOf = (id: string): number => shardOfKey({ S: id }, SHARDS);
});
