import assert from "node:assert/strict";
import { getDefaultAutoSelectFamilyAttemptTimeout, setDefaultAutoSelectFamilyAttemptTimeout } from "node:net";
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { toImage } from "../../testing/attribute-values";
import { drainProgram, Program } from "../support/mocked-program";
import { StartedFunction, startFunction } from "../support/shipped-function";
import { inserted } from "../../testing/stream-records";
import { idOf, IRELAND, SINGAPORE, ticketItem, versionAt } from "../../testing/tickets";

describe("Deployed code of replication and heartbeat", function () {
  this.timeout(120_000);
  let program: Program;
  before(async () => {
    program = await drainProgram({ stack: "ireland" });
  });

  const start = <Handler>(
    name: string,
    answers: Readonly<Record<string, unknown>> = {},
  ): Promise<StartedFunction<Handler>> => startFunction<Handler>(program, name, answers);

  it("replicates a write of its own region to the other table, and ignores writes of the other region", async () => {
    type Replicator = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
    const { handler, sdk, environment } = await start<Replicator>("ireland-to-singapore");
    const own = ticketItem({ id: idOf(1) });
    const foreign = ticketItem({ id: idOf(2), origin: SINGAPORE });
    const answer = await handler({ Records: [inserted(own, 1), inserted(foreign, 2)] });
    assert.deepEqual(answer, { batchItemFailures: [] });
    assert.deepEqual(
      sdk.sent.map(({ command, region }) => [command, region]),
      [["PutItemCommand", SINGAPORE]],
    );
    const [{ input }] = sdk.sent;
    assert.equal(input.TableName, environment.TARGET_TABLE_NAME);
    assert.deepEqual(input.Item, toImage(own));
  });

  it("allows one second to connect to each address of the other region's table", async () => {
    const before = getDefaultAutoSelectFamilyAttemptTimeout();
    setDefaultAutoSelectFamilyAttemptTimeout(250);
    try {
      await start("ireland-to-singapore");
      assert.equal(getDefaultAutoSelectFamilyAttemptTimeout(), 1000);
    } finally {
      setDefaultAutoSelectFamilyAttemptTimeout(before);
    }
  });

  it("emits the metrics of a batch as one line of standard output", async () => {
    type Replicator = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
    const { handler, printed, environment } = await start<Replicator>("ireland-to-singapore");
    await handler({ Records: [inserted(ticketItem(), 1)] });
    const metrics = printed.filter((line) => line.includes("_aws"));
    assert.equal(metrics.length, 1);
    assert.match(metrics[0], /^\{"_aws":\{.*\}\n$/);
    const { Applied, FunctionName, SourceRegion, TargetRegion } = JSON.parse(metrics[0]);
    assert.deepEqual([Applied, SourceRegion, TargetRegion], [1, IRELAND, SINGAPORE]);
    assert.equal(FunctionName, environment.AWS_LAMBDA_FUNCTION_NAME);
  });

  it("writes the heartbeat to the table of its own region, and measures the age of the other region's there", async () => {
    const last = toImage(ticketItem({ id: `heartbeat-${SINGAPORE}`, origin: SINGAPORE }));
    const { handler, sdk, printed, environment } = await start<() => Promise<void>>("ireland-heartbeat", {
      BatchGetItemCommand: ({ RequestItems }: { RequestItems: object }) => ({
        Responses: Object.fromEntries(Object.keys(RequestItems).map((name) => [name, [last]])),
      }),
    });
    await handler();
    const inputsOf = (name: string) => sdk.sent.filter(({ command }) => command === name);
    const [reads, writes] = [inputsOf("BatchGetItemCommand"), inputsOf("PutCommand")];
    assert.deepEqual([reads.length, writes.length, sdk.sent.length], [1, 16, 17]);
    for (const { region } of sdk.sent) assert.equal(region, IRELAND);
    const { Keys } = reads[0].input.RequestItems[environment.TABLE_NAME];
    assert.deepEqual([Keys.length, Keys[0]], [16, { id: { S: `heartbeat-${SINGAPORE}` } }]);
    for (const { input } of writes)
      assert.deepEqual([input.TableName, input.Item.origin], [environment.TABLE_NAME, IRELAND]);
    assert.equal(writes[15].input.Item.id, `heartbeat-${IRELAND}-15`);
    const { HeartbeatAge, SourceRegion, TargetRegion } = JSON.parse(printed.join(""));
    assert.deepEqual([SourceRegion, TargetRegion], [SINGAPORE, IRELAND]);
    assert.ok(HeartbeatAge > 0);
  });

  it("records a conflict in both regions before it overwrites the losing version", async () => {
    type Replicator = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
    const edit = { subject: "No heating at all", version: versionAt(-1, SINGAPORE), origin: SINGAPORE };
    const stored = ticketItem(edit);
    const { handler, sdk, environment } = await start<Replicator>("ireland-to-singapore", {
      PutItemCommand: ({ ConditionExpression }: { ConditionExpression: string }) => {
        if (ConditionExpression.includes(":incoming")) throw conditionFailure(toImage(stored));
        return {};
      },
    });
    const answer = await handler({ Records: [inserted(ticketItem(), 1)] });
    assert.deepEqual(answer, { batchItemFailures: [] });
    assert.deepEqual(
      sdk.sent.map(({ input, region }) => [input.TableName, region]),
      [
        [environment.TARGET_TABLE_NAME, SINGAPORE],
        [environment.TARGET_CONFLICT_TABLE_NAME, SINGAPORE],
        [environment.CONFLICT_TABLE_NAME, IRELAND],
        [environment.TARGET_TABLE_NAME, SINGAPORE],
      ],
    );
    assert.deepEqual(sdk.sent[1].input.Item.losing, { M: toImage(stored) });
    assert.deepEqual(sdk.sent[1].input.Item, sdk.sent[2].input.Item);
  });

  it("quarantines a malformed record in its own region", async () => {
    type Replicator = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
    const { handler, sdk, environment } = await start<Replicator>("singapore-to-ireland");
    const answer = await handler({
      Records: [inserted({ id: ticketItem().id, origin: SINGAPORE, version: "?" }, 1)],
    });
    assert.deepEqual(answer, { batchItemFailures: [] });
    const [{ command, region, input }, ...others] = sdk.sent;
    assert.deepEqual([command, region, others], ["SendMessageCommand", SINGAPORE, []]);
    assert.equal(input.QueueUrl, environment.QUARANTINE_QUEUE_URL);
  });

  it("stores a record in the failure bucket if the quarantine queue rejects it", async () => {
    type Replicator = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
    const { handler, sdk, environment } = await start<Replicator>("singapore-to-ireland", {
      SendMessageCommand: () => {
        throw Object.assign(new Error("The queue is gone."), { name: "QueueDoesNotExist" });
      },
    });
    const image = {
      id: ticketItem().id,
      origin: SINGAPORE,
      version: "?",
      description: "\u0001".repeat(1024 * 1024),
    };
    const answer = await handler({ Records: [inserted(image, 1)] });
    assert.deepEqual(answer, { batchItemFailures: [] });
    const [, { command, region, input }] = sdk.sent;
    assert.deepEqual([command, region], ["PutObjectCommand", SINGAPORE]);
    assert.equal(input.Bucket, environment.FAILURE_BUCKET_NAME);
  });

  it("contains nothing of the build machine or the configuration", async () => {
    const { shipped } = await start("ireland-to-singapore");
    assert.ok(!shipped.text.includes(process.cwd()));
    assert.doesNotMatch(shipped.text, /eu-west-1|ap-southeast-1|@pulumi/);
  });
});

/** SDK error of a failed condition, with the stored item. */
function conditionFailure(Item: object): Error {
  return Object.assign(new Error("The conditional request failed"), {
    name: "ConditionalCheckFailedException",
    Item,
  });
}
