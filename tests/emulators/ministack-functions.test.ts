import assert from "node:assert/strict";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { heartbeatIds, sentinelId } from "../../functions/shared/reserved-items";
import type { Image } from "../../functions/shared/image";
import { httpEvent } from "../../testing/api-calls";
import { inserted } from "../../testing/stream-records";
import { idOf, ticketItem } from "../../testing/tickets";
import { drainProgram, ofType, Program, resourceNamed } from "../support/mocked-program";
import { REGIONS } from "../support/program-variants";
import { createStores, DeployedFunctions, type Invoked } from "./deployed-functions";
import { describeWithMiniStack } from "./ministack";

/** Keys of the event that API Gateway omits without a value, and that emulators send as null. */
const NULLS = {
  body: null,
  cookies: null,
  pathParameters: null,
  queryStringParameters: null,
  stageVariables: null,
};

describeWithMiniStack("Functions on MiniStack", (miniStack) => {
  let program: Program;
  let functions: DeployedFunctions;

  before(async () => {
    program = await drainProgram({ stack: "ireland", config: { "tickets:domainName": "tickets.test" } });
    await createStores(miniStack(), program);
    functions = new DeployedFunctions(miniStack(), ofType(program, "aws:lambda/function:Function"));
    await functions.create();
  });
  after(() => functions?.close());

  /** Functions that a test has invoked. */
  const invoked = new Set<string>();

  async function invoke(name: string, event: unknown): Promise<Invoked["result"]> {
    invoked.add(name);
    const { error, result } = await functions.invoke(name, event);
    assert.equal(error, undefined);
    return result;
  }

  /** Returns an item of a region's ticket table. */
  async function item(region: string, name: string, id: string): Promise<Image | undefined> {
    const client = new DynamoDBClient(miniStack().client(region));
    const get = new GetItemCommand({ TableName: tableOf(name), Key: { id: { S: id } } });
    const { Item } = await client.send(get).finally(() => client.destroy());
    return Item;
  }

  /** Returns the number of messages in a queue. */
  async function messagesIn(region: string, name: string): Promise<number> {
    const client = new SQSClient(miniStack().client(region));
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: queueOf(name) }));
    const get = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] });
    const { Attributes } = await client.send(get).finally(() => client.destroy());
    return Number(Attributes?.ApproximateNumberOfMessages);
  }

  function queueOf(name: string): string {
    return String(resourceNamed(program, "aws:sqs/queue:Queue", name).outputs.name);
  }

  function tableOf(name: string): string {
    return String(resourceNamed(program, "aws:dynamodb/table:Table", `${name}-tickets`).outputs.name);
  }

  for (const { name, code, other } of REGIONS) {
    it(`of ${name} serve every route, with null where API Gateway omits a key`, async () => {
      const call = (route: string, method: string, path: string, more: object = {}) =>
        invoke(`${name}-api-${route}`, { ...NULLS, ...httpEvent(method, path, more) });
      const created = await call("create", "POST", "/tickets", {
        body: JSON.stringify({ subject: "On MiniStack" }),
      });
      assert.equal(created.statusCode, 201, created.body);
      const ticket = JSON.parse(created.body);
      assert.match(ticket.version, new RegExp(`-${code}$`));
      const at = { pathParameters: { id: ticket.id } };
      const path = `/tickets/${ticket.id}`;
      const change = { ...at, body: JSON.stringify({ status: "closed" }) };
      const statuses: Record<string, number> = {};
      for (const [route, method, target, more] of [
        ["get", "GET", path, at],
        ["list", "GET", "/tickets", {}],
        ["update", "PATCH", path, change],
        ["conflicts", "GET", `${path}/conflicts`, at],
        ["recentConflicts", "GET", "/conflicts", {}],
        ["delete", "DELETE", path, at],
        ["health", "GET", "/health", {}],
        ["routing", "GET", "/routing", {}],
        ["openapi", "GET", "/openapi.json", {}],
        ["unknown", "GET", "/nowhere", {}],
      ] as const)
        statuses[route] = (await call(route, method, target, more)).statusCode;
      assert.deepEqual(statuses, {
        get: 200,
        list: 200,
        update: 200,
        conflicts: 200,
        recentConflicts: 200,
        delete: 204,
        health: 200,
        routing: 200,
        openapi: 200,
        unknown: 404,
      });
    });

    it(`of ${name} replicate a record to ${other.name}, and quarantine a malformed one`, async () => {
      const ticket = ticketItem({
        id: idOf(7),
        origin: code,
        version: ticketItem().version.replace(/[a-z].*$/, code),
      });
      const records = [ticket, { ...ticket, id: idOf(8), version: "?" }].map((image, index) => ({
        ...inserted(image, index + 1),
        awsRegion: code,
      }));
      assert.deepEqual(await invoke(`${name}-to-${other.name}`, { Records: records }), {
        batchItemFailures: [],
      });
      assert.deepEqual((await item(other.code, other.name, ticket.id))?.version, { S: ticket.version });
      assert.equal(await item(other.code, other.name, idOf(8)), undefined);
      assert.equal(await messagesIn(code, `${name}-to-${other.name}-quarantine`), 1);
    });

    it(`of ${name} write the heartbeat`, async () => {
      await invoke(`${name}-heartbeat`, {});
      for (const id of heartbeatIds(code)) assert.equal((await item(code, name, id))?.origin.S, code);
    });

    it(`of ${name} run the sentinel of a region that is the primary`, async () => {
      // It knows the primary from before, because the emulator has no DNS, and ends because the other region is not the primary.
      const before = { id: sentinelId(code), runner: "before", failures: 0, wellRevision: 0, primary: name };
      const Item = Object.fromEntries(
        Object.entries(before).map(([key, value]) => [
          key,
          typeof value === "number" ? { N: String(value) } : { S: value },
        ]),
      ) as Image;
      const client = new DynamoDBClient(miniStack().client(code));
      await client
        .send(new PutItemCommand({ TableName: tableOf(name), Item }))
        .finally(() => client.destroy());
      await invoke(`${name}-sentinel`, {});
      const after = await item(code, name, sentinelId(code));
      assert.notEqual(after?.runner.S, "before");
      assert.equal(after?.primary.S, name);
    });
  }

  it("are all invoked by these tests", () => {
    const all = ofType(program, "aws:lambda/function:Function").map(({ name }) => name);
    assert.deepEqual([...invoked].sort(), all.sort());
  });
});
