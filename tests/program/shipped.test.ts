import assert from "node:assert/strict";
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import type { ApiHandler } from "../../functions/api";
import { httpEvent, invoke } from "../support/api-calls";
import { toImage } from "../support/attribute-values";
import { drainProgram, Program, ProgramResource, resourceNamed } from "../support/program";
import { FakeSdk, ShippedFunction, shippedFunction, startShipped } from "../support/shipped-function";
import { inserted } from "../support/stream-records";
import { idOf, IRELAND, SINGAPORE, ticketItem, versionAt } from "../support/tickets";

describe("The code that is shipped to Lambda", function () {
  this.timeout(60_000);
  let program: Program;
  before(async () => {
    program = await drainProgram({ stack: "ireland" });
  });

  async function start<Handler>(
    name: string,
    answers: Readonly<Record<string, unknown>> = {},
  ): Promise<{
    handler: Handler;
    sdk: FakeSdk;
    environment: Record<string, string>;
    shipped: ShippedFunction;
    /** What it writes to its standard output past the console. */
    printed: string[];
  }> {
    const lambda = resourceNamed(program, "aws:lambda/function:Function", name);
    const environment = environmentOf(lambda);
    const sdk = new FakeSdk(answers);
    const shipped = await shippedFunction(lambda);
    const printed: string[] = [];
    const print = (text: string): void => void printed.push(text);
    const handler = startShipped<Handler>(shipped, { environment, modules: sdk.modules, print });
    return { handler, sdk, environment, shipped, printed };
  }

  it("creates a ticket in the region's own table, with an id from the shipped ulid", async () => {
    const { handler, sdk, environment } = await start<ApiHandler>("singapore-api-create");
    const body = JSON.stringify({ subject: "No heating", customer: "Ada" });
    const answer = await invoke(handler, httpEvent("POST", "/tickets", { body }));
    assert.equal(answer.status, 201, answer.text);
    assert.match(answer.body.id, /^[0-9A-HJKMNP-TV-Z]{26}$/);
    assert.equal(answer.headers["x-served-by"], SINGAPORE);
    const [{ command, input, region }] = sdk.sent;
    assert.deepEqual([command, region], ["PutCommand", SINGAPORE]);
    assert.equal(input.TableName, environment.TABLE_NAME);
    assert.equal(input.Item.subject, "No heating");
    assert.equal(input.Item.origin, SINGAPORE);
  });

  it("lists tickets by the index", async () => {
    const { handler, sdk } = await start<ApiHandler>("ireland-api-list", {
      QueryCommand: { Items: [ticketItem()] },
    });
    const answer = await invoke(handler, httpEvent("GET", "/tickets"));
    assert.deepEqual([answer.status, answer.body.tickets.length], [200, 1]);
    assert.deepEqual(new Set(sdk.sent.map(({ command }) => command)), new Set(["QueryCommand"]));
    assert.deepEqual(new Set(sdk.sent.map(({ input }) => input.IndexName)), new Set(["byStatus"]));
  });

  it("reads a ticket, and answers problem details when there is none", async () => {
    const { handler } = await start<ApiHandler>("ireland-api-get", { GetItemCommand: {}, GetCommand: {} });
    const event = httpEvent("GET", `/tickets/${idOf(1)}`, { pathParameters: { id: idOf(1) } });
    const answer = await invoke(handler, event);
    assert.equal(answer.status, 404, answer.text);
    assert.equal(answer.headers["content-type"], "application/problem+json");
    assert.equal(answer.body.status, 404);
  });

  it("changes a ticket on the condition that nobody else did", async () => {
    const item = ticketItem();
    const { handler, sdk } = await start<ApiHandler>("ireland-api-update", { GetCommand: { Item: item } });
    const body = JSON.stringify({ status: "closed" });
    const event = httpEvent("PATCH", `/tickets/${item.id}`, { pathParameters: { id: item.id }, body });
    const answer = await invoke(handler, event);
    assert.deepEqual([answer.status, answer.body.status], [200, "closed"], answer.text);
    const put = sdk.sent.find(({ command }) => command === "PutCommand");
    assert.ok(JSON.stringify(put?.input.ExpressionAttributeValues).includes(item.version));
  });

  it("deletes a ticket by writing a tombstone", async () => {
    const item = ticketItem();
    const { handler, sdk } = await start<ApiHandler>("ireland-api-delete", { GetCommand: { Item: item } });
    const event = httpEvent("DELETE", `/tickets/${item.id}`, { pathParameters: { id: item.id } });
    const answer = await invoke(handler, event);
    assert.equal(answer.status, 204, answer.text);
    const put = sdk.sent.find(({ command }) => command === "PutCommand");
    assert.equal(put?.input.Item.deleted, true);
  });

  it("answers for its health in the words that Route 53 searches for", async () => {
    const { handler, sdk } = await start<ApiHandler>("ireland-api-health");
    const answer = await invoke(handler, httpEvent("GET", "/health"));
    assert.equal(answer.status, 200, answer.text);
    assert.ok(answer.text.startsWith(`{"ok":true,"region":"${IRELAND}"`), answer.text);
    for (const { input } of sdk.sent)
      assert.equal((input.Key ?? input.Item).id, `canary-${IRELAND}`, "touches another item than the canary");
  });

  it("answers an unknown route without a table", async () => {
    const { handler, environment } = await start<ApiHandler>("ireland-api-unknown");
    assert.ok(!("TABLE_NAME" in environment));
    assert.equal((await invoke(handler, httpEvent("GET", "/nowhere"))).status, 404);
    assert.equal((await invoke(handler, httpEvent("PUT", "/tickets"))).status, 405);
  });

  it("replicates a write of its region to the other region's table, and leaves the other region's alone", async () => {
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

  it("tells CloudWatch of each batch in one line of its standard output, which is nothing but the metrics", async () => {
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

  it("beats in its own region's table, and measures the heartbeat of the other region there", async () => {
    const last = ticketItem({ origin: SINGAPORE });
    const { handler, sdk, printed, environment } = await start<() => Promise<void>>("ireland-heartbeat", {
      GetCommand: { Item: last },
    });
    await handler();
    const commands = new Map(sdk.sent.map(({ command, input }) => [command, input]));
    assert.deepEqual([...commands.keys()].sort(), ["GetCommand", "PutCommand"]);
    for (const { region, input } of sdk.sent)
      assert.deepEqual([region, input.TableName], [IRELAND, environment.TABLE_NAME]);
    assert.deepEqual(commands.get("GetCommand").Key, { id: `heartbeat-${SINGAPORE}` });
    const { id, origin } = commands.get("PutCommand").Item;
    assert.deepEqual([id, origin], [`heartbeat-${IRELAND}`, IRELAND]);
    const { HeartbeatAge, SourceRegion, TargetRegion } = JSON.parse(printed.join(""));
    assert.deepEqual([SourceRegion, TargetRegion], [SINGAPORE, IRELAND]);
    assert.ok(HeartbeatAge > 0);
  });

  it("records a conflict in both regions before it overwrites what lost", async () => {
    type Replicator = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
    const stored = ticketItem({ version: versionAt(-1, SINGAPORE), origin: SINGAPORE });
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

  it("lists a ticket's conflicts", async () => {
    const losing = ticketItem();
    const entry = { id: losing.id, losingVersion: losing.version, losing };
    const { handler, sdk, environment } = await start<ApiHandler>("ireland-api-conflicts", {
      QueryCommand: { Items: [entry] },
    });
    const event = httpEvent("GET", `/tickets/${losing.id}/conflicts`, { pathParameters: { id: losing.id } });
    const answer = await invoke(handler, event);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.body.conflicts[0].losing.subject, losing.subject);
    assert.deepEqual(
      sdk.sent.map(({ command, input }) => [command, input.TableName]),
      [["QueryCommand", environment.CONFLICT_TABLE_NAME]],
    );
  });

  it("sets a record aside that it cannot understand, in the quarantine of its own region", async () => {
    type Replicator = (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
    const { handler, sdk, environment } = await start<Replicator>("singapore-to-ireland");
    const answer = await handler({ Records: [inserted({ id: "x", origin: SINGAPORE, version: "?" }, 1)] });
    assert.deepEqual(answer, { batchItemFailures: [] });
    const [{ command, region, input }, ...others] = sdk.sent;
    assert.deepEqual([command, region, others], ["SendMessageCommand", SINGAPORE, []]);
    assert.equal(input.QueueUrl, environment.QUARANTINE_QUEUE_URL);
  });

  it("holds nothing of the machine or the configuration that it was made with", async () => {
    const { shipped } = await start("ireland-to-singapore");
    assert.ok(!shipped.text.includes(process.cwd()));
    assert.doesNotMatch(shipped.text, /eu-west-1|ap-southeast-1|@pulumi/);
  });
});

/** The function's environment with what Lambda adds: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
function environmentOf({ inputs, outputs, region }: ProgramResource): Record<string, string> {
  const name = String(outputs.name);
  return { AWS_REGION: region, AWS_LAMBDA_FUNCTION_NAME: name, ...(inputs.environment?.variables ?? {}) };
}

/** What the SDK throws when the condition of a put does not hold, with what is stored. */
function conditionFailure(Item: object): Error {
  return Object.assign(new Error("The conditional request failed"), {
    name: "ConditionalCheckFailedException",
    Item,
  });
}
