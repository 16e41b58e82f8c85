import assert from "node:assert/strict";
import { createServer } from "node:http";
import { checkHealth } from "../../../functions/health/health";
import { canaryId } from "../../../functions/shared/reserved-items";
import { closeServer, listen } from "../../../local/aws/listen";
import { httpEvent, invoke } from "../../../testing/api-calls";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { idOf, IRELAND } from "../../../testing/tickets";
import { EmbeddedTable, FAKE_CREDENTIALS, TABLE_VARIABLES } from "./embedded-table";
import { ticketApi } from "./api-handlers";

const health = (): ReturnType<typeof invoke> => invoke(checkHealth(), httpEvent("GET", "/health"));

describe("GET /health on an emulated DynamoDB", () => {
  captureLogs();
  withEnvironment({ AWS_REGION: IRELAND, ...TABLE_VARIABLES, ...FAKE_CREDENTIALS });
  const table = new EmbeddedTable();
  const canary = canaryId(IRELAND);

  it("returns 200 after a read and a write, and leaves its canary item", async () => {
    const { status, text } = await health();
    assert.equal(status, 200);
    assert.ok(text.startsWith('{"ok":true,"region":"eu-west-1"'), text);
    assert.ok(Number((await table.stored(canary))?.checkedAt.N) > 0);
  });

  it("returns 200 and changes nothing if a later check has already written", async () => {
    await table.store({ id: canary, checkedAt: 9999999999999 });
    assert.equal((await health()).status, 200);
    assert.deepEqual((await table.stored(canary))?.checkedAt, { N: "9999999999999" });
  });

  it("leaves a canary item that the ticket routes do not return", async () => {
    const api = ticketApi();
    assert.equal((await api.get(canary)).status, 400);
    assert.deepEqual((await api.list()).body, { tickets: [] });
  });
});

describe("API without its table", () => {
  const logs = captureLogs();
  withEnvironment({
    AWS_REGION: IRELAND,
    ...TABLE_VARIABLES,
    TABLE_NAME: "another-table",
    ...FAKE_CREDENTIALS,
  });
  new EmbeddedTable();

  it("returns 503 with the error from GET /health", async () => {
    const { status, body } = await health();
    assert.equal(status, 503);
    assert.deepEqual([body.ok, body.checks.read.reason], [false, "ResourceNotFoundException"]);
  });

  it("returns 503 and logs the error", async () => {
    const { status, headers } = await ticketApi().get(idOf(1));
    assert.deepEqual([status, headers["retry-after"]], [503, "1"]);
    assert.equal(logs.lines[0].name, "ResourceNotFoundException");
  });
});

describe("API of a region whose DynamoDB is down", () => {
  captureLogs();
  withEnvironment({ AWS_REGION: IRELAND, ...TABLE_VARIABLES, ...FAKE_CREDENTIALS });
  const dropping = createServer((request) => request.socket.destroy());
  before(async () => {
    const port = await listen(dropping, { port: 0, purpose: "a DynamoDB that drops every connection" });
    process.env.AWS_ENDPOINT_URL_DYNAMODB = `http://127.0.0.1:${port}`;
  });
  after(async () => {
    delete process.env.AWS_ENDPOINT_URL_DYNAMODB;
    await closeServer(dropping);
  });

  it("returns 503 from GET /health", async () => {
    const { status, text } = await health();
    assert.equal(status, 503);
    assert.ok(text.startsWith('{"ok":false,"region":"eu-west-1"'), text);
  });

  it("returns 503 with retry-after for a read", async () => {
    const { status, headers, body } = await ticketApi().get(idOf(1));
    assert.deepEqual([status, headers["retry-after"], body.status], [503, "1", 503]);
  });
});
