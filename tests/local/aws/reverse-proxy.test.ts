import assert from "node:assert/strict";
import { once } from "node:events";
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from "node:http";
import { text } from "node:stream/consumers";
import { closeServer, listen } from "../../../local/aws/listen";
import { changeWholeBody, proxyRequest, type ProxyOptions } from "../../../local/aws/reverse-proxy";

type Settings = Omit<ProxyOptions, "upstream">;

describe("proxyRequest", () => {
  const servers: Server[] = [];
  let received: { headers: IncomingMessage["headers"]; body: string } | undefined;

  afterEach(() => Promise.all(servers.splice(0).map((server) => closeServer(server))));

  async function start(listener: RequestListener): Promise<number> {
    const server = createServer(listener);
    servers.push(server);
    return listen(server, { port: 0, purpose: "a test" });
  }

  /** Starts an upstream server and a proxy before it. Returns the proxy's port. */
  async function startProxy(settings: Settings = {}, upstreamPort?: number): Promise<number> {
    const port =
      upstreamPort ??
      (await start(async (request, response) => {
        received = { headers: request.headers, body: await text(request) };
        response.writeHead(201, { "keep-alive": "timeout=1", "x-from": "upstream" }).end("response");
      }));
    return start((request, response) => {
      const upstream = { host: "127.0.0.1", port, path: request.url, headers: request.headers };
      proxyRequest(request, response, { ...settings, upstream }).catch((error: Error) =>
        response.writeHead(502).end(error.message),
      );
    });
  }

  async function post(
    port: number,
    headers: Record<string, string> = {},
  ): Promise<[IncomingMessage, string]> {
    const outgoing = httpRequest({ host: "127.0.0.1", port, method: "POST", headers, agent: false });
    outgoing.end("request");
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    return [response, await text(response)];
  }

  it("forwards the request and the response without hop-by-hop headers", async () => {
    const [response, body] = await post(await startProxy(), { te: "trailers", "x-from": "client" });
    assert.deepEqual([response.statusCode, response.headers["x-from"], body], [201, "upstream", "response"]);
    assert.equal(response.headers["keep-alive"], undefined);
    assert.deepEqual([received?.headers["x-from"], received?.headers.te], ["client", undefined]);
    assert.equal(received?.body, "request");
  });

  it("changes the response with the given function", async () => {
    const changeResponse: Settings["changeResponse"] = (headers, status) => ({
      headers: { ...headers, "x-status": String(status) },
      body: changeWholeBody((body) => body.toString().toUpperCase()),
    });
    const [response, body] = await post(await startProxy({ changeResponse }));
    assert.deepEqual([response.headers["x-status"], body], ["201", "RESPONSE"]);
  });

  it("rejects when the upstream server cannot be reached", async () => {
    const port = await start(() => undefined);
    await closeServer(servers[0]);
    const [response, body] = await post(await startProxy({}, port));
    assert.equal(response.statusCode, 502);
    assert.match(body, /ECONNREFUSED/);
  });
});
