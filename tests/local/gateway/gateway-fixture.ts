import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import {
  type Agent,
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request,
  type RequestListener,
  type Server,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import { decode, encode, type Packet } from "dns-packet";
import { LocalGateway, type LocalGatewayOptions } from "../../../local/gateway/gateway";
import { closeServer, listen } from "../../../local/aws/listen";
import { createCertificates, type TestCertificates } from "../aws/apigateway/support/test-certificates";

/** Addresses of the servers. */
export const IRELAND = "127.0.0.11";
export const SINGAPORE = "127.0.0.12";
export const EDGE = "127.0.0.10";

const names = () => ({ api: "api.tickets.test", app: "app.tickets.test" });
/** Names that the certificates cover. */
const NAMES = Object.values(names());
/** Headers of the web UI's files. */
export const PAGE_HEADERS = {
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

interface AskOptions {
  readonly method?: string;
  readonly sent?: string;
  readonly port?: number;
  readonly agent?: Agent | false;
}

/** Answer to a request through a gateway. */
interface Answer {
  readonly answer: IncomingMessage;
  readonly body: string;
}

/** Local gateway between a client, a DNS server that a test controls, and servers of both regions and of CloudFront. */
export class GatewayFixture {
  readonly dns = new FakeDns();
  /** Servers of the regions and of CloudFront, by address. */
  readonly upstreams = new Map<string, Server>();
  private readonly gateways: LocalGateway[] = [];
  private readonly servers: Server[] = [];
  private defaults: LocalGatewayOptions | undefined;
  private gatewayPort = 0;

  /** Starts everything. Returns the gateway. */
  async start(): Promise<LocalGateway> {
    const certificates = await createCertificates(NAMES);
    const dnsAddress = await this.dns.start();
    const httpsPort = await this.startApi(IRELAND, 0, certificates);
    await this.startApi(SINGAPORE, httpsPort, certificates);
    await this.startApi(EDGE, httpsPort, certificates);
    this.defaults = { names, dnsAddress, httpsPort, caCertificates: [certificates.ca] };
    this.gatewayPort = await this.startGateway();
    return this.gateways[0];
  }

  /** Makes the API's name resolve to Ireland. */
  reset(): void {
    this.dns.address = IRELAND;
    this.dns.ttl = 0;
  }

  get httpsPort(): number {
    return this.defaults?.httpsPort ?? 0;
  }

  /** Starts another gateway. Returns its port. */
  async startGateway(options: Partial<LocalGatewayOptions> = {}): Promise<number> {
    const gateway = new LocalGateway({ ...(this.defaults as LocalGatewayOptions), ...options });
    this.gateways.push(gateway);
    const server = createServer((incoming, answer) => void gateway.handle(incoming, answer));
    this.servers.push(server);
    return listen(server, { port: 0, purpose: "a test" });
  }

  /** Sends a request to a gateway; on a new connection by default. */
  async ask(
    host: string,
    path: string,
    { method = "GET", sent, port = this.gatewayPort, agent = false }: AskOptions = {},
  ): Promise<Answer> {
    const outgoing = request({ port, host: "127.0.0.1", method, path, headers: { host }, agent }).end(sent);
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    let text = "";
    for await (const chunk of answer) text += chunk;
    return { answer, body: text };
  }

  /** Sends a request whose body is sent in parts. */
  openRequest(host: string): ClientRequest {
    const headers = { host, "transfer-encoding": "chunked" };
    return request({ port: this.gatewayPort, host: "127.0.0.1", method: "POST", path: "/", headers });
  }

  async stop(): Promise<void> {
    for (const gateway of this.gateways) gateway.close();
    this.dns.close();
    await Promise.all([...this.servers, ...this.upstreams.values()].map((server) => closeServer(server)));
  }

  /** Starts a server that echoes its requests, on the address of a region or of CloudFront. */
  private async startApi(address: string, port: number, { key, cert }: TestCertificates): Promise<number> {
    const server = createTlsServer({ key, cert }, echo(address));
    this.upstreams.set(address, server);
    return listen(server, { port, host: address, purpose: "a test", ownNames: () => NAMES });
  }
}

function echo(address: string): RequestListener {
  return (incoming, answer) => {
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
}
