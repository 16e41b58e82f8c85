import assert from "node:assert/strict";
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  PutItemCommand,
  UpdateItemCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  ListStreamsCommand,
} from "@aws-sdk/client-dynamodb-streams";
import { waitFor } from "../../../support/wait-for";
import { DynamoDBFixture, IRELAND, TABLE, TABLE_INPUTS, eventNames, ticket } from "./dynamodb-fixture";

describe("DynamoDB Streams", () => {
  let dynamodb: DynamoDBFixture;
  let streamArn: string;
  let now: number | undefined;

  beforeEach(async () => {
    now = undefined;
    dynamodb = await DynamoDBFixture.start({ now: () => now ?? Date.now(), timeToLive: { intervalMs: 5 } });
    streamArn = (await dynamodb.createTable()).outputs.streamArn as string;
  });
  afterEach(() => dynamodb.close());

  const put = (id: string, count = 0): Promise<unknown> =>
    dynamodb.ireland.send(new PutItemCommand({ TableName: TABLE, Item: ticket(id, count) }));
  const sequences = async (): Promise<string[]> =>
    (await dynamodb.records(streamArn)).map(({ dynamodb: change }) => change?.SequenceNumber as string);

  it("record an insert, a modification and a removal with both images", async () => {
    const before = Math.floor(Date.now() / 1000);
    await put("a", 1);
    const update = { UpdateExpression: "ADD #c :one", ExpressionAttributeNames: { "#c": "count" } };
    const Key = { id: { S: "a" } };
    await dynamodb.ireland.send(
      new UpdateItemCommand({
        TableName: TABLE,
        Key,
        ...update,
        ExpressionAttributeValues: { ":one": { N: "1" } },
      }),
    );
    await dynamodb.ireland.send(new DeleteItemCommand({ TableName: TABLE, Key }));

    const [insert, modify, remove] = await dynamodb.records(streamArn);
    assert.deepEqual(eventNames([insert, modify, remove]), ["INSERT", "MODIFY", "REMOVE"]);
    assert.equal(insert.awsRegion, IRELAND);
    assert.equal(insert.eventSource, "aws:dynamodb");
    assert.deepEqual(insert.dynamodb?.Keys, Key);
    assert.deepEqual(insert.dynamodb?.NewImage, ticket("a", 1));
    assert.equal(insert.dynamodb?.OldImage, undefined);
    assert.equal(insert.dynamodb?.StreamViewType, "NEW_AND_OLD_IMAGES");
    assert.ok((insert.dynamodb?.ApproximateCreationDateTime?.getTime() as number) >= before * 1000);
    assert.deepEqual(modify.dynamodb?.OldImage, ticket("a", 1));
    assert.deepEqual(modify.dynamodb?.NewImage, ticket("a", 2));
    assert.deepEqual(remove.dynamodb?.OldImage, ticket("a", 2));
    assert.equal(remove.dynamodb?.NewImage, undefined);
    assert.equal(remove.userIdentity, undefined);
  });

  it("do not record a write that changes nothing", async () => {
    const Item = {
      ...ticket("a"),
      tags: { SS: ["x", "y"] },
      nested: { M: { p: { N: "1" }, q: { L: [{ S: "z" }] } } },
    };
    const same = {
      ...Item,
      tags: { SS: ["y", "x"] },
      nested: { M: { q: { L: [{ S: "z" }] }, p: { N: "1.0" } } },
    };
    await dynamodb.ireland.send(new PutItemCommand({ TableName: TABLE, Item }));
    await dynamodb.ireland.send(new PutItemCommand({ TableName: TABLE, Item: same }));
    await dynamodb.ireland.send(new DeleteItemCommand({ TableName: TABLE, Key: { id: { S: "absent" } } }));
    assert.deepEqual(eventNames(await dynamodb.records(streamArn)), ["INSERT"]);
  });

  it("record numbers in their stored form", async () => {
    await dynamodb.ireland.send(
      new PutItemCommand({ TableName: TABLE, Item: { id: { S: "a" }, n: { N: "01.50" } } }),
    );
    assert.deepEqual((await dynamodb.records(streamArn))[0].dynamodb?.NewImage?.n, { N: "1.5" });
  });

  it("number their records with leading zeros, which AWS SDKs accept from 21 digits on", async () => {
    for (const id of ["a", "b"]) await put(id);
    const [first, second] = await sequences();
    assert.match(first, /^0\d{20}$/);
    assert.ok(first < second);
  });

  it("record every item of a batch", async () => {
    await put("gone");
    await dynamodb.ireland.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [TABLE]: [
            { PutRequest: { Item: ticket("a") } },
            { PutRequest: { Item: ticket("b") } },
            { DeleteRequest: { Key: { id: { S: "gone" } } } },
          ],
        },
      }),
    );
    const records = await dynamodb.records(streamArn);
    assert.deepEqual(eventNames(records), ["INSERT", "INSERT", "INSERT", "REMOVE"]);
    assert.deepEqual(
      records.map((record) => record.dynamodb?.Keys?.id.S),
      ["gone", "a", "b", "gone"],
    );
  });

  it("contain the images of the view type", async () => {
    const shown: Record<string, string[]> = {};
    for (const viewType of ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE"]) {
      const made = await dynamodb.createTable({
        ...TABLE_INPUTS,
        name: `${viewType}-table`,
        streamViewType: viewType,
      });
      for (const count of [1, 2])
        await dynamodb.ireland.send(
          new PutItemCommand({ TableName: `${viewType}-table`, Item: ticket("a", count) }),
        );
      const [, modify] = await dynamodb.records(made.outputs.streamArn as string);
      shown[viewType] = Object.keys(modify.dynamodb ?? {}).filter((name) => name.endsWith("Image"));
    }
    assert.deepEqual(shown, { KEYS_ONLY: [], NEW_IMAGE: ["NewImage"], OLD_IMAGE: ["OldImage"] });
  });

  it("can be read from each iterator type", async () => {
    await put("a");
    const latest = await dynamodb.iterator(streamArn, { ShardIteratorType: "LATEST" });
    await put("b");
    await put("c");
    const [, second, third] = await sequences();
    const ids = async (start: Parameters<DynamoDBFixture["records"]>[1]): Promise<(string | undefined)[]> =>
      (await dynamodb.records(streamArn, start)).map((record) => record.dynamodb?.Keys?.id.S);
    assert.deepEqual(await ids({ ShardIteratorType: "TRIM_HORIZON" }), ["a", "b", "c"]);
    assert.deepEqual(await ids({ ShardIteratorType: "AT_SEQUENCE_NUMBER", SequenceNumber: second }), [
      "b",
      "c",
    ]);
    assert.deepEqual(await ids({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: second }), [
      "c",
    ]);
    assert.deepEqual(await ids({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: third }), []);
    const { Records } = await dynamodb.streams[IRELAND].send(
      new GetRecordsCommand({ ShardIterator: latest }),
    );
    assert.deepEqual(
      Records?.map((record) => record.dynamodb?.Keys?.id.S),
      ["b", "c"],
    );
  });

  it("return pages of the limit, and continue after each page", async () => {
    for (const id of ["a", "b", "c"]) await put(id);
    const first = await dynamodb.iterator(streamArn, { ShardIteratorType: "TRIM_HORIZON" });
    const page = await dynamodb.streams[IRELAND].send(
      new GetRecordsCommand({ ShardIterator: first, Limit: 2 }),
    );
    const next = new GetRecordsCommand({ ShardIterator: page.NextShardIterator, Limit: 2 });
    const rest = await dynamodb.streams[IRELAND].send(next);
    assert.deepEqual([page.Records?.length, rest.Records?.length], [2, 1]);
    await put("d");
    const later = new GetRecordsCommand({ ShardIterator: rest.NextShardIterator });
    assert.equal((await dynamodb.streams[IRELAND].send(later)).Records?.[0].dynamodb?.Keys?.id.S, "d");
  });

  it("are listed and described, and the table reports its newest stream", async () => {
    const { Streams } = await dynamodb.streams[IRELAND].send(new ListStreamsCommand({ TableName: TABLE }));
    assert.deepEqual(
      Streams?.map(({ StreamArn }) => StreamArn),
      [streamArn],
    );
    const { Table } = await dynamodb.ireland.send(new DescribeTableCommand({ TableName: TABLE }));
    assert.equal(Table?.LatestStreamArn, streamArn);
    assert.equal(streamArn, `${Table?.TableArn}/stream/${Table?.LatestStreamLabel}`);
    assert.deepEqual(Table?.StreamSpecification, {
      StreamEnabled: true,
      StreamViewType: "NEW_AND_OLD_IMAGES",
    });
    const { StreamDescription } = await dynamodb.streams[IRELAND].send(
      new DescribeStreamCommand({ StreamArn: streamArn }),
    );
    assert.equal(StreamDescription?.StreamStatus, "ENABLED");
    assert.deepEqual(StreamDescription?.KeySchema, [{ AttributeName: "id", KeyType: "HASH" }]);
    assert.equal(StreamDescription?.Shards?.length, 1);
  });

  it("can be disabled and enabled again, and old records stay readable", async () => {
    await put("a");
    const change = (StreamSpecification: object): Promise<unknown> =>
      dynamodb.ireland.send(
        new UpdateTableCommand({ TableName: TABLE, StreamSpecification: StreamSpecification as never }),
      );
    await assert.rejects(change({ StreamEnabled: true, StreamViewType: "NEW_IMAGE" }), {
      name: "ValidationException",
    });
    await change({ StreamEnabled: false });
    await put("unrecorded");
    await change({ StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" });
    const { Table } = await dynamodb.ireland.send(new DescribeTableCommand({ TableName: TABLE }));
    assert.notEqual(Table?.LatestStreamArn, streamArn);
    await put("b");
    const ids = async (arn: string): Promise<unknown[]> =>
      (await dynamodb.records(arn)).map((record) => record.dynamodb?.Keys?.id.S);
    assert.deepEqual(await ids(streamArn), ["a"]);
    assert.deepEqual(await ids(Table?.LatestStreamArn as string), ["b"]);
    const ShardIterator = await dynamodb.iterator(streamArn, { ShardIteratorType: "TRIM_HORIZON" });
    const last = await dynamodb.streams[IRELAND].send(new GetRecordsCommand({ ShardIterator }));
    assert.equal(last.NextShardIterator, undefined);
  });

  it("stay readable after their table is deleted", async () => {
    await put("a");
    await dynamodb.ireland.send(new DeleteTableCommand({ TableName: TABLE }));
    assert.deepEqual(eventNames(await dynamodb.records(streamArn)), ["INSERT"]);
  });

  it("delete records after 24 hours, and return TrimmedDataAccessException to a late reader", async () => {
    await put("a");
    await put("b");
    const [first] = await sequences();
    now = Date.now() + 25 * 60 * 60 * 1000;
    await put("c");
    await waitFor(async () => (await sequences()).length === 1, { what: "two records to be trimmed" });
    assert.equal((await dynamodb.records(streamArn))[0].dynamodb?.Keys?.id.S, "c");
    await assert.rejects(
      dynamodb.iterator(streamArn, { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: first }),
      { name: "TrimmedDataAccessException" },
    );
  });

  it("reject an iterator that is older than 15 minutes or malformed", async () => {
    const ShardIterator = await dynamodb.iterator(streamArn, { ShardIteratorType: "LATEST" });
    now = Date.now() + 16 * 60 * 1000;
    const read = (iterator: string): Promise<unknown> =>
      dynamodb.streams[IRELAND].send(new GetRecordsCommand({ ShardIterator: iterator }));
    await assert.rejects(read(ShardIterator), { name: "ExpiredIteratorException" });
    await assert.rejects(read("nonsense"), { name: "ValidationException" });
  });
});
