import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { decode, encode, type Packet } from "dns-packet";
import { LocalGateway, type LocalGatewayOptions } from "../../../local/gateway/gateway";
import { closeServer, listen } from "../../../local/aws/listen";
import { createCertificates, type TestCertificates } from "../aws/apigateway/support/test-certificates";

const IRELAND = "127.0.0.11";
const SINGAPORE = "127.0.0.12";
const EDGE = "127.0.0.10";

const names = () => ({ api: "api.tickets.test", app: "app.tickets.test" });
const NAMES = Object.values(names());
const PAGE_HEADERS = {
  etag: '"1"',
  "content-security-policy":
    "default-src 'self'; connect-src 'self' http://127.0.0.11:1 https://api.tickets.test",
};

/** DNS server with a fixed A record for `app.` and one for `api.` that a test can change. */
class FakeDns {
  address: string | undefined = IRELAND;
  ttl = 0;
  questions = 0;
  private readonly socket: Socket = createSocket("udp4");

  async start(): Promise<string> {
    this.socket.on("message", (message, { port, address }) => {
      this.socket.send(this.answer(decode(message)), port, address);
    });
    this.socket.bind(0, "127.0.0.1");
    await once(this.socket, "listening");
    return `127.0.0.1:${this.socket.address().port}`;
  }

  close(): void {
    this.socket.close();
  }

  private answer({ id, questions = [] }: Packet): Buffer {
    this.questions += 1;
    const [{ name }] = questions;
    const data = { "api.tickets.test": this.address, "app.tickets.test": EDGE }[name];
    const found = data !== undefined;
    const answers = found ? [{ name, type: "A" as const, ttl: this.ttl, data }] : [];
    return encode({ type: "response", id, flags: found ? 0 : 3, questions, answers });
  }
}

describe("LocalGateway", () => {
  const servers: Server[] = [];
  let certificates: TestCertificates;
  let dns: FakeDns;
  let options: LocalGatewayOptions;
  let gateway: LocalGateway;
  let gatewayPort: number;
  let httpsPort: number;

  before(async () => {
    certificates = await createCertificates(NAMES);
    dns = new FakeDns();
    const dnsAddress = await dns.start();
    httpsPort = await startApi(IRELAND, 0, certificates);
    await startApi(SINGAPORE, httpsPort, certificates);
    await startApi(EDGE, httpsPort, certificates);
    options = { names, dnsAddress, httpsPort, caCertificates: [certificates.ca] };
    gateway = new LocalGateway(options);
    gatewayPort = await start(createServer((incoming, answer) => void gateway.handle(incoming, answer)));
  });

  beforeEach(() => {
    dns.address = IRELAND;
    dns.ttl = 0;
  });

  after(async () => {
    gateway.close();
    dns.close();
    await Promise.all(servers.map((server) => closeServer(server)));
  });

  async function start(server: Server): Promise<number> {
    servers.push(server);
    return listen(server, { port: 0, purpose: "a test" });
  }

  /** Starts a server that echoes its requests, on the address of a region or of CloudFront. */
  async function startApi(address: string, port: number, { key, cert }: TestCertificates): Promise<number> {
    const listener: RequestListener = async (incoming, answer) => {
      if (incoming.url === "/broken") {
        answer.writeHead(200, { "content-length": 100 });
        return void answer.write("half", () => answer.destroy());
      }
      if (incoming.url?.startsWith("/config.json")) {
        const config = JSON.stringify({ failoverUrl: "https://api.tickets.test" });
        return void answer.writeHead(200, { ...PAGE_HEADERS, "content-length": config.length }).end(config);
      }
      if (incoming.url === "/index.html")
        return void answer.writeHead(200, { ...PAGE_HEADERS, "content-length": 2 }).end("ok");
      const sni = (incoming.socket as unknown as { servername: string }).servername;
      answer.writeHead(207, { "x-region": address, "set-cookie": ["a=1", "b=2"], "content-type": "text/x" });
      answer.write(`${incoming.method} ${incoming.url} ${incoming.headers.host} ${sni} `);
      incoming.pipe(answer);
    };
    const server = createTlsServer({ key, cert }, listener);
    servers.push(server);
    return listen(server, { port, host: address, purpose: "a test", ownNames: () => NAMES });
  }

  async function ask(
    host: string,
    path: string,
    { method = "GET", sent, port = gatewayPort }: { method?: string; sent?: string; port?: number } = {},
  ): Promise<{ answer: IncomingMessage; body: string }> {
    const outgoing = request({ port, host: "127.0.0.1", method, path, headers: { host } }).end(sent);
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    let text = "";
    for await (const chunk of answer) text += chunk;
    return { answer, body: text };
  }

  it("handles api.localhost and app.localhost and no other name", () => {
    for (const host of ["api.localhost", "api.localhost:8080", "APP.localhost:1"])
      assert.ok(gateway.handles(host), host);
    for (const host of [
      "localhost:8080",
      "api.tickets.test",
      "x.api.localhost",
      "api.localhost.evil.example",
      "",
    ])
      assert.ok(!gateway.handles(host), host);
  });

  it("forwards a request to the real name over TLS", async () => {
    const { answer, body } = await ask("api.localhost:8080", "/tickets?x=1", {
      method: "POST",
      sent: "hello",
    });
    assert.equal(answer.statusCode, 207);
    assert.equal(body, "POST /tickets?x=1 api.tickets.test api.tickets.test hello");
    assert.equal(answer.headers["x-region"], IRELAND);
    assert.deepEqual(answer.headers["set-cookie"], ["a=1", "b=2"]);
    assert.equal(answer.headers["access-control-allow-origin"], undefined);
  });

  it("streams both ways", async () => {
    const headers = { host: "api.localhost", "transfer-encoding": "chunked" };
    const outgoing = request({ port: gatewayPort, host: "127.0.0.1", method: "POST", path: "/", headers });
    outgoing.write("first");
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    const parts: string[] = [];
    for await (const chunk of answer) {
      parts.push(String(chunk));
      if (parts.join("").endsWith("first")) outgoing.end("second");
    }
    assert.ok(parts.join("").endsWith("firstsecond"));
  });

  it("follows a changed DNS answer", async () => {
    dns.address = SINGAPORE;
    assert.equal((await ask("api.localhost", "/")).answer.headers["x-region"], SINGAPORE);
  });

  it("resolves each of its names separately", async () => {
    assert.equal(
      (await ask("APP.localhost:8080", "/app.js?v=1")).body.trim(),
      "GET /app.js?v=1 app.tickets.test app.tickets.test",
    );
    assert.equal((await ask("app.localhost", "/")).answer.headers["x-region"], EDGE);
    assert.equal((await ask("api.localhost", "/")).answer.headers["x-region"], IRELAND);
  });

  it("replaces the failover name in the web UI's configuration and CSP by a name that a browser can resolve", async () => {
    const { answer, body } = await ask("app.localhost:8080", "/config.json?x");
    assert.deepEqual(JSON.parse(body), { failoverUrl: "http://api.localhost:8080" });
    const policy = "default-src 'self'; connect-src 'self' http://127.0.0.11:1 http://api.localhost:8080";
    assert.equal(answer.headers["content-security-policy"], policy);
    assert.equal(answer.headers.etag, '"1"');
    const page = await ask("APP.localhost", "/index.html");
    assert.equal(page.body, "ok");
    assert.equal(page.answer.headers["content-length"], "2");
    assert.equal(page.answer.headers["content-security-policy"], policy.replace(":8080", ""));
    assert.equal((await ask("app.localhost:8080", "/config.json", { method: "HEAD" })).body, "");
  });

  it("leaves API responses unchanged", async () => {
    const { answer, body } = await ask("api.localhost:8080", "/config.json");
    assert.deepEqual(JSON.parse(body), { failoverUrl: "https://api.tickets.test" });
    assert.equal(answer.headers["content-security-policy"], PAGE_HEADERS["content-security-policy"]);
  });

  it("caches a DNS answer for its TTL and resolves once for concurrent requests", async () => {
    const fresh = new LocalGateway(options);
    const port = await start(createServer((incoming, answer) => void fresh.handle(incoming, answer)));
    const region = async (): Promise<unknown> =>
      (await ask("api.localhost", "/", { port })).answer.headers["x-region"];
    dns.ttl = 60;
    dns.questions = 0;
    assert.deepEqual(await Promise.all([region(), region(), region()]), Array(3).fill(IRELAND));
    dns.address = SINGAPORE;
    assert.equal(await region(), IRELAND);
    assert.equal(dns.questions, 1);
    fresh.close();
  });

  it("returns 502 with the name if DNS has no answer, and recovers", async () => {
    dns.address = undefined;
    const { answer, body } = await ask("api.localhost", "/");
    assert.equal(answer.statusCode, 502);
    assert.match(
      (JSON.parse(body) as { detail: string }).detail,
      /^api\.tickets\.test did not respond: .*ENOTFOUND/,
    );
    dns.address = IRELAND;
    assert.equal((await ask("api.localhost", "/")).answer.statusCode, 207);
  });

  it("returns 502 with the address that did not respond", async () => {
    dns.address = "127.0.0.13";
    const { answer, body } = await ask("api.localhost", "/", { method: "POST", sent: "lost" });
    assert.equal(answer.statusCode, 502);
    assert.equal(answer.headers["content-type"], "application/problem+json");
    const problem = JSON.parse(body) as Record<string, unknown>;
    assert.equal(problem.status, 502);
    assert.match(
      String(problem.detail),
      new RegExp(`^127\\.0\\.0\\.13:${httpsPort} did not respond: .*ECONNREFUSED`),
    );
  });

  it("trusts only certificates of the local CA", async () => {
    const foreign = await createCertificates(["api.tickets.test"]);
    const distrustful = new LocalGateway({ ...options, caCertificates: [foreign.ca] });
    const port = await start(createServer((incoming, answer) => void distrustful.handle(incoming, answer)));
    assert.equal((await ask("api.localhost", "/", { port })).answer.statusCode, 502);
    distrustful.close();
  });

  it("aborts a response that is aborted upstream", async () => {
    await assert.rejects(ask("api.localhost", "/broken"), /aborted|ECONNRESET/);
    assert.equal((await ask("api.localhost", "/")).answer.statusCode, 207);
  });
});
