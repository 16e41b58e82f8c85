import assert from "node:assert/strict";
import {
  DescribeTimeToLiveCommand,
  PutItemCommand,
  ScanCommand,
  UpdateTimeToLiveCommand,
  type AttributeValue,
} from "@aws-sdk/client-dynamodb";
import { waitFor } from "../../../support/wait-for";
import { DynamoDBFixture, TABLE, TABLE_INPUTS, ticket } from "./dynamodb-fixture";

const NOW_S = 2_000_000_000;

describe("Time to live", () => {
  let dynamodb: DynamoDBFixture;
  let seconds: number;

  beforeEach(async () => {
    seconds = NOW_S;
    dynamodb = await DynamoDBFixture.start({ timeToLive: { intervalMs: 5, now: () => seconds * 1000 } });
  });
  afterEach(() => dynamodb.close());

  const put = (id: string, expiresAt: AttributeValue): Promise<unknown> =>
    dynamodb.ireland.send(new PutItemCommand({ TableName: TABLE, Item: { ...ticket(id), expiresAt } }));
  const ids = async (): Promise<unknown[]> =>
    (await dynamodb.ireland.send(new ScanCommand({ TableName: TABLE }))).Items?.map(
      ({ id }) => id.S,
    ).sort() ?? [];
  const gone = (id: string): Promise<true> =>
    waitFor(async () => !(await ids()).includes(id) || undefined, {
      what: `${id} to be deleted`,
    }) as Promise<true>;

  it("deletes an expired item, with the service as identity", async () => {
    const { outputs } = await dynamodb.createTable();
    await put("a", { N: String(NOW_S + 10) });
    await put("later", { N: String(NOW_S + 1000) });
    seconds += 11;
    await gone("a");
    assert.deepEqual(await ids(), ["later"]);
    const remove = (await dynamodb.records(outputs.streamArn as string)).at(-1);
    assert.equal(remove?.eventName, "REMOVE");
    assert.deepEqual(remove?.dynamodb?.Keys, { id: { S: "a" } });
    assert.deepEqual({ ...remove?.userIdentity }, { Type: "Service", PrincipalId: "dynamodb.amazonaws.com" });
  });

  it("keeps items without a number, and items that expired more than five years ago", async () => {
    await dynamodb.createTable();
    await put("text", { S: String(NOW_S - 10) });
    await put("ancient", { N: String(NOW_S - 6 * 365 * 24 * 60 * 60) });
    await put("due", { N: String(NOW_S - 10) });
    await gone("due");
    assert.deepEqual(await ids(), ["ancient", "text"]);
  });

  it("uses the current expiry of an item", async () => {
    await dynamodb.createTable();
    await put("renewed", { N: String(NOW_S + 10) });
    await put("renewed", { N: String(NOW_S + 1000) });
    await put("due", { N: String(NOW_S + 10) });
    seconds += 11;
    await gone("due");
    assert.deepEqual(await ids(), ["renewed"]);
  });

  it("can be enabled for existing items, described and disabled", async () => {
    await dynamodb.createTable({ ...TABLE_INPUTS, ttl: undefined });
    const describe = async (): Promise<object | undefined> =>
      (await dynamodb.ireland.send(new DescribeTimeToLiveCommand({ TableName: TABLE })))
        .TimeToLiveDescription;
    const set = (Enabled: boolean): Promise<unknown> =>
      dynamodb.ireland.send(
        new UpdateTimeToLiveCommand({
          TableName: TABLE,
          TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled },
        }),
      );
    await put("due", { N: String(NOW_S - 10) });
    assert.deepEqual(await describe(), { TimeToLiveStatus: "DISABLED" });
    await set(true);
    assert.deepEqual(await describe(), { TimeToLiveStatus: "ENABLED", AttributeName: "expiresAt" });
    await gone("due");
    await assert.rejects(set(true), { name: "ValidationException" });
    await set(false);
    assert.deepEqual(await describe(), { TimeToLiveStatus: "DISABLED" });
  });

  it("keeps an expired item readable and writable for the delay", async () => {
    await dynamodb.close();
    const timeToLive = { intervalMs: 5, delayMs: 60_000, now: () => seconds * 1000 };
    dynamodb = await DynamoDBFixture.start({ timeToLive });
    await dynamodb.createTable();
    await put("expired", { N: String(NOW_S - 59) });
    await put("renewed", { N: String(NOW_S - 59) });
    await put("due", { N: String(NOW_S - 61) });
    await gone("due");
    assert.deepEqual(await ids(), ["expired", "renewed"]);
    await put("renewed", { N: String(NOW_S + 1000) });
    seconds += 2;
    await gone("expired");
    assert.deepEqual(await ids(), ["renewed"]);
  });

  it("pauses while the region is down", async () => {
    const { outputs } = await dynamodb.createTable();
    const singapore = (await dynamodb.createTable(TABLE_INPUTS, "ap-southeast-1")).outputs;
    await put("a", { N: String(NOW_S + 10) });
    const Item = { ...ticket("a"), expiresAt: { N: String(NOW_S + 10) } };
    await dynamodb.clients["ap-southeast-1"].send(new PutItemCommand({ TableName: TABLE, Item }));
    dynamodb.regions.setState("ireland", "down");
    seconds += 11;
    // The other region's sweeper has the same interval: after its run, this one would have run too.
    await waitFor(
      async () =>
        (await dynamodb.records(singapore.streamArn as string, undefined, "ap-southeast-1")).length === 2,
      { what: "Singapore's item to be deleted" },
    );
    seconds -= 11;
    dynamodb.regions.setState("ireland", "up");
    assert.equal((await dynamodb.records(outputs.streamArn as string)).length, 1);
    seconds += 11;
    await gone("a");
  });
});
