import assert from "node:assert/strict";
import type { ApiHandler } from "../../functions/http/api";
import { DOCUMENT_TEXT } from "../../functions/openapi/document";
import { conflictEntry, conflictImage } from "../../functions/replication/conflict-entry";
import { replicatedWrite, type ReplicatedWrite } from "../../functions/replication/replicated-write";
import type { Image } from "../../functions/shared/image";
import { httpEvent, invoke } from "../../testing/api-calls";
import { toImage } from "../../testing/attribute-values";
import { drainProgram, Program, resourceNamed } from "../support/mocked-program";
import { StartedFunction, startFunction } from "../support/shipped-function";
import { idOf, IRELAND, SINGAPORE, ticketItem, versionAt } from "../../testing/tickets";

describe("Deployed code of the API functions", function () {
  this.timeout(120_000);
  let program: Program;
  before(async () => {
    program = await drainProgram({ stack: "ireland" });
  });

  const start = <Handler>(
    name: string,
    answers: Readonly<Record<string, unknown>> = {},
  ): Promise<StartedFunction<Handler>> => startFunction<Handler>(program, name, answers);

  it("creates a ticket in the table of its region, with an id from the packaged ulid", async () => {
    const { handler, sdk, environment } = await start<ApiHandler>("singapore-api-create");
    const body = JSON.stringify({ subject: "No heating", customer: "Ada" });
    const answer = await invoke(handler, httpEvent("POST", "/tickets", { body }));
    assert.equal(answer.status, 201, answer.text);
    assert.match(answer.body.id, /^[0-9A-HJKMNP-TV-Z]{26}$/);
    assert.equal(answer.headers["x-served-by"], SINGAPORE);
    const [{ command, input, region }] = sdk.sent;
    assert.deepEqual([command, region], ["PutItemCommand", SINGAPORE]);
    assert.equal(input.TableName, environment.TABLE_NAME);
    assert.deepEqual(input.Item.subject, { S: "No heating" });
    assert.deepEqual(input.Item.origin, { S: SINGAPORE });
  });

  it("derives the id of a ticket from its idempotency key with the packaged ulid", async () => {
    const { handler } = await start<ApiHandler>("ireland-api-create", { GetItemCommand: {} });
    const key = "01JD9Z3N8Q4T6V8X0Y2A4C6E8G";
    const body = JSON.stringify({ subject: "No heating" });
    const answer = await invoke(
      handler,
      httpEvent("POST", "/tickets", {
        body,
        headers: {
          "content-type": "application/json",
          "content-length": String(body.length),
          "idempotency-key": key,
        },
      }),
    );
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.body.id.slice(0, 10), key.slice(0, 10));
  });

  it("lists tickets from the index and the table", async () => {
    const { id, listSortKey } = ticketItem();
    const sentTable = resourceNamed(program, "aws:dynamodb/table:Table", "ireland-tickets").outputs.name;
    const { handler, sdk } = await start<ApiHandler>("ireland-api-list", {
      QueryCommand: { Items: [toImage({ id, listSortKey })] },
      BatchGetItemCommand: { Responses: { [String(sentTable)]: [toImage(ticketItem())] } },
    });
    const answer = await invoke(handler, httpEvent("GET", "/tickets"));
    assert.deepEqual([answer.status, answer.body.tickets.length], [200, 1]);
    assert.deepEqual(
      new Set(sdk.sent.map(({ command }) => command)),
      new Set(["QueryCommand", "BatchGetItemCommand"]),
    );
    const queries = sdk.sent.filter(({ command }) => command === "QueryCommand");
    assert.deepEqual(new Set(queries.map(({ input }) => input.IndexName)), new Set(["byStatusShard"]));
  });

  it("returns a ticket, and problem details for an unknown one", async () => {
    const { handler } = await start<ApiHandler>("ireland-api-get", { GetItemCommand: {} });
    const event = httpEvent("GET", `/tickets/${idOf(1)}`, { pathParameters: { id: idOf(1) } });
    const answer = await invoke(handler, event);
    assert.equal(answer.status, 404, answer.text);
    assert.equal(answer.headers["content-type"], "application/problem+json");
    assert.equal(answer.body.status, 404);
  });

  it("updates a ticket on condition that it is unchanged", async () => {
    const item = ticketItem();
    const { handler, sdk } = await start<ApiHandler>("ireland-api-update", {
      GetItemCommand: { Item: toImage(item) },
    });
    const body = JSON.stringify({ status: "closed" });
    const event = httpEvent("PATCH", `/tickets/${item.id}`, { pathParameters: { id: item.id }, body });
    const answer = await invoke(handler, event);
    assert.deepEqual([answer.status, answer.body.status], [200, "closed"], answer.text);
    const put = sdk.sent.find(({ command }) => command === "UpdateItemCommand");
    assert.ok(JSON.stringify(put?.input.ExpressionAttributeValues).includes(item.version));
  });

  it("deletes a ticket by writing a tombstone", async () => {
    const item = ticketItem();
    const { handler, sdk } = await start<ApiHandler>("ireland-api-delete", {
      GetItemCommand: { Item: toImage(item) },
    });
    const event = httpEvent("DELETE", `/tickets/${item.id}`, { pathParameters: { id: item.id } });
    const answer = await invoke(handler, event);
    assert.equal(answer.status, 204, answer.text);
    const put = sdk.sent.find(({ command }) => command === "PutItemCommand");
    assert.deepEqual(put?.input.Item.deleted, { BOOL: true });
  });

  it("returns its health in the form that Route 53 matches", async () => {
    const { handler, sdk } = await start<ApiHandler>("ireland-api-health");
    const answer = await invoke(handler, httpEvent("GET", "/health"));
    assert.equal(answer.status, 200, answer.text);
    assert.ok(answer.text.startsWith(`{"ok":true,"region":"${IRELAND}"`), answer.text);
    for (const { input } of sdk.sent)
      assert.equal(
        (input.Key ?? input.Item).id.S,
        `canary-${IRELAND}`,
        "touches another item than the canary",
      );
  });

  it("responds to an unknown route without a table", async () => {
    const { handler, environment } = await start<ApiHandler>("ireland-api-unknown");
    assert.ok(!("TABLE_NAME" in environment));
    assert.equal((await invoke(handler, httpEvent("GET", "/nowhere"))).status, 404);
    assert.equal((await invoke(handler, httpEvent("PUT", "/tickets"))).status, 405);
  });

  it("lists the conflicts of a ticket", async () => {
    const losing = ticketItem();
    const version = versionAt(1, SINGAPORE);
    const winner = toImage(ticketItem({ version, origin: SINGAPORE })) as Image;
    const entry = conflictEntry(
      replicatedWrite(toImage(losing) as Image) as ReplicatedWrite,
      replicatedWrite(winner) as ReplicatedWrite,
    );
    const { handler, sdk, environment } = await start<ApiHandler>("ireland-api-conflicts", {
      QueryCommand: { Items: [conflictImage(entry)] },
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

  it("lists the conflicts of all tickets from the index", async () => {
    const entry = { id: idOf(1), losingVersion: versionAt(1) };
    const { handler, sdk, environment } = await start<ApiHandler>("ireland-api-recentConflicts", {
      QueryCommand: { Items: [toImage(entry)] },
    });
    const answer = await invoke(handler, httpEvent("GET", "/conflicts"));
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.body.conflicts, [entry]);
    assert.deepEqual(
      sdk.sent.map(({ command, input }) => [command, input.TableName, input.IndexName]),
      [["QueryCommand", environment.CONFLICT_TABLE_NAME, "byRecency"]],
    );
  });

  it("validates requests against the OpenAPI document before any table access, without Ajv in the archive", async () => {
    const { handler, sdk, shipped } = await start<ApiHandler>("ireland-api-update");
    const event = httpEvent("PATCH", "/tickets/1", {
      pathParameters: { id: "1" },
      headers: { "content-type": "application/json", "if-match": "abc" },
      body: JSON.stringify({ subject: "😀".repeat(201), status: "done" }),
    });
    const { status, body } = await invoke(handler, event);
    assert.equal(status, 400);
    assert.deepEqual(body.errors.map(({ field }: { field: string }) => field).sort(), [
      "id",
      "if-match",
      "status",
      "subject",
    ]);
    assert.deepEqual(sdk.sent, []);
    assert.deepEqual(shipped.paths, ["__index.js"]);
    assert.doesNotMatch(shipped.text, /require\("ajv/);
    assert.ok(!shipped.text.includes(process.cwd()));
  });

  it("returns and logs the same request id", async () => {
    const { handler, printed } = await start<ApiHandler>("ireland-api-health");
    const { headers } = await invoke(handler, httpEvent("GET", "/health"));
    const lines = printed.map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ message, requestId, status }) => [message, requestId, status]),
      [["Answered", headers["x-request-id"], 200]],
    );
  });

  it("returns the OpenAPI document without a table", async () => {
    const { handler, environment } = await start<ApiHandler>("singapore-api-openapi");
    assert.ok(!("TABLE_NAME" in environment));
    const answer = await invoke(handler, httpEvent("GET", "/openapi.json"));
    assert.deepEqual([answer.status, answer.text], [200, DOCUMENT_TEXT]);
  });
});
