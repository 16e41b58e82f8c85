import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { Socket } from "node:net";
import type { Frontend } from "../../../local/aws/frontend";
import { closeServer, listen } from "../../../local/aws/listen";
import { LocalGateway } from "../../../local/gateway/gateway";

/** Answers everything but `/config.json`. */
const FRONTEND: Frontend = {
  serves: ({ url }) => url !== "/config.json",
  handle: async (incoming, answer) => void answer.end(`development ${incoming.url}`),
  upgrade: (_incoming, socket) => void socket.end("HTTP/1.1 101 Switching Protocols\r\n\r\nhello"),
};

describe("LocalGateway with a frontend", () => {
  let frontend: Frontend | undefined;
  let gateway: LocalGateway;
  let server: Server;
  let port: number;

  before(async () => {
    // No server has the address of this DNS server, so that only the frontend can answer.
    const nowhere = { dnsAddress: "127.0.0.1:9", httpsPort: 9, caCertificates: [] };
    gateway = new LocalGateway({
      ...nowhere,
      names: () => ({ api: "api.tickets.test", app: "app.tickets.test" }),
      frontend: () => frontend,
    });
    server = createServer((incoming, answer) => void gateway.handle(incoming, answer));
    server.on("upgrade", (incoming, socket, head) => gateway.upgrade(incoming, socket, head));
    port = await listen(server, { port: 0, purpose: "a test" });
  });
  beforeEach(() => {
    frontend = FRONTEND;
  });
  after(async () => {
    gateway.close();
    await closeServer(server);
  });

  async function get(host: string, path: string): Promise<string> {
    const [answer] = (await once(
      request({ port, host: "127.0.0.1", path, headers: { host } }).end(),
      "response",
    )) as [IncomingMessage];
    let text = "";
    for await (const chunk of answer) text += chunk;
    return text;
  }

  async function upgradeStatus(host: string): Promise<number | undefined> {
    const headers = { host, connection: "Upgrade", upgrade: "websocket" };
    const outgoing = request({ port, host: "127.0.0.1", path: "/", headers }).end();
    const answered = once(outgoing, "response").then(([answer]) => answer as IncomingMessage);
    const upgraded = once(outgoing, "upgrade").then(([answer, socket]) => {
      (socket as Socket).destroy();
      return answer as IncomingMessage;
    });
    const { statusCode } = await Promise.race([answered, upgraded]);
    return statusCode;
  }

  it("lets it answer for the web UI", async () => {
    assert.equal(await get("app.localhost:4700", "/src/main.tsx"), "development /src/main.tsx");
    assert.equal(await upgradeStatus("app.localhost:4700"), 101);
  });

  it("answers itself for what the frontend does not serve, for the API, and without a frontend", async () => {
    assert.match(await get("app.localhost:4700", "/config.json"), /app\.tickets\.test did not respond/);
    assert.match(await get("api.localhost:4700", "/"), /api\.tickets\.test did not respond/);
    assert.equal(await upgradeStatus("api.localhost:4700"), 400);
    frontend = undefined;
    assert.match(await get("app.localhost:4700", "/"), /app\.tickets\.test did not respond/);
    assert.equal(await upgradeStatus("app.localhost:4700"), 400);
  });
});
