import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { dynamoDB } from "../../../functions/shared/aws";
import { closeServer, listen } from "../../../local/aws/listen";
import { IRELAND } from "../../../testing/tickets";
import { withEnvironment } from "../../support/environment";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const answers: Handler = (_, response) => response.setHeader("content-type", "application/json").end("{}");
const drops: Handler = ({ socket }) => socket.resetAndDestroy();
const hangs: Handler = () => undefined;

describe("AWS client whose kept connection broke", () => {
  withEnvironment({ AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" });
  let server: Server;
  let handlers: Handler[];
  let requests: number;
  beforeEach(async () => {
    [handlers, requests] = [[], 0];
    server = createServer((request, response) => {
      requests++;
      request.resume().on("end", () => (handlers.shift() ?? answers)(request, response));
    });
    const port = await listen(server, { port: 0, purpose: "a DynamoDB" });
    process.env.AWS_ENDPOINT_URL_DYNAMODB = `http://127.0.0.1:${port}`;
  });
  afterEach(async () => {
    delete process.env.AWS_ENDPOINT_URL_DYNAMODB;
    server.closeAllConnections();
    await closeServer(server);
  });

  const newTable = (requestTimeout = 1000): { read: () => Promise<unknown> } => {
    const limits = { connectionTimeout: 1000, requestTimeout, maxAttempts: 1 };
    const { commands, client } = dynamoDB(IRELAND, limits);
    const input = { TableName: "tickets", Key: { id: { S: "1" } } };
    return { read: () => client.send(new commands.GetItemCommand(input)) };
  };

  it("repeats the request once, although the client makes one attempt", async () => {
    const table = newTable();
    handlers = [answers, drops];
    await table.read();
    await table.read();
    assert.equal(requests, 3);
  });

  it("reports the loss of the new connection, too", async () => {
    const table = newTable();
    handlers = [answers, drops, drops];
    await table.read();
    await assert.rejects(table.read(), { code: "ECONNRESET" });
    assert.equal(requests, 3);
  });

  it("reports the loss of its first connection, which no freeze explains", async () => {
    handlers = [drops];
    await assert.rejects(newTable().read(), { code: "ECONNRESET" });
    assert.equal(requests, 1);
  });

  it("takes at most the time of one attempt for both requests", async () => {
    const table = newTable(3000);
    const dropsLate: Handler = (request, response) => void setTimeout(() => drops(request, response), 2000);
    handlers = [answers, dropsLate, hangs];
    await table.read();
    const start = performance.now();
    const error = await table.read().catch((reason: Error) => reason);
    const took = performance.now() - start;
    assert.equal((error as Error).name, "TimeoutError");
    assert.equal(requests, 3);
    assert.ok(took < 4500, `It took ${took} ms; without a common limit, 5,000 ms.`);
  });
});
