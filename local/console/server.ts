import { createServer, IncomingMessage, Server, ServerResponse, STATUS_CODES } from "node:http";
import type { Addresses } from "../addresses";
import { nameOfHost } from "../aws/allowed-hosts";
import type { LocalGateway } from "../gateway/gateway";
import { closeServer, listen } from "../aws/listen";
import { REGION_STATES } from "../aws/region-state";
import type { Regions, RegionState } from "../aws/regions";
import { serveStaticFile } from "./static-files";
import type { ConsoleState } from "./state";

/** Settings of the console's server. */
export interface ConsoleServerOptions {
  readonly port: number;
  readonly regions: Regions;
  readonly state: () => Promise<ConsoleState>;
  readonly addresses: () => Addresses;
  readonly caCertificate: string;
  /** Handles requests for its own names; undefined without a domain. */
  readonly gateway: LocalGateway | undefined;
}

const MAXIMUM_BODY_BYTES = 1024;
/** Host names of the console. Other names under `localhost` belong to the local gateway. */
const HOST_NAMES = ["localhost", "127.0.0.1"];
/** Prevent clickjacking: no page may show the console in a frame. */
const FRAME_HEADERS = { "x-frame-options": "DENY", "content-security-policy": "frame-ancestors 'none'" };

/** HTTP server of the console: its page, the state that the page shows, and changes of a region's state. */
export class ConsoleServer {
  private constructor(
    private readonly server: Server,
    private readonly port: number,
    private readonly options: ConsoleServerOptions,
  ) {}

  /** @throws PortInUseError when another program uses the port. */
  static async start(options: ConsoleServerOptions): Promise<ConsoleServer> {
    const server = createServer();
    const port = await listen(server, { port: options.port, purpose: "the console" });
    const console = new ConsoleServer(server, port, options);
    server.on("request", (request, response) => {
      console.handle(request, response).catch((error: Error) => {
        if (response.headersSent) response.destroy();
        else sendProblem(response, 500, `The console failed: ${error.message}`);
      });
    });
    return console;
  }

  /** `http://localhost:<port>` */
  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** Returns the local gateway's URL for a label of the failover domain, such as `api`. */
  gatewayUrl(label: string): string {
    return `http://${label}.localhost:${this.port}`;
  }

  async close(): Promise<void> {
    this.options.gateway?.close();
    await closeServer(this.server);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = request.headers.host ?? "";
    if (this.options.gateway?.handles(host)) return this.options.gateway.handle(request, response);
    if (!HOST_NAMES.includes(nameOfHost(host) ?? ""))
      return sendProblem(
        response,
        403,
        `The console does not serve the host ${JSON.stringify(host)}. Use ${HOST_NAMES.join(" or ")}.`,
      );
    const [pathname] = (request.url ?? "/").split("?");
    const region = /^\/regions\/([^/]+)$/.exec(pathname)?.[1];
    if (region !== undefined) return this.changeRegion(region, request, response);
    if (request.method !== "GET" && request.method !== "HEAD")
      return sendMethodNotAllowed(request, response, "GET, HEAD");
    if (pathname === "/state") return sendJson(response, 200, await this.options.state());
    if (pathname === "/addresses") return sendJson(response, 200, this.options.addresses());
    if (pathname === "/ca.pem")
      return send(response, 200, "application/x-pem-file", this.options.caCertificate);
    if (!(await serveStaticFile(pathname, response)))
      sendProblem(
        response,
        404,
        `Nothing is served at ${pathname}. Paths: /, /state, /addresses, /ca.pem and /regions/{name}.`,
      );
  }

  private async changeRegion(
    name: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { regions } = this.options;
    const region = regions.all().find((candidate) => candidate.name === name);
    const known = regions.all().map((candidate) => candidate.name);
    if (!region)
      return sendProblem(response, 404, `There is no region ${name}. Regions: ${known.join(", ")}.`);
    if (request.method === "GET")
      return sendJson(response, 200, { name, code: region.code, state: region.state });
    if (request.method !== "POST") return sendMethodNotAllowed(request, response, "GET, POST");
    const { origin, host = "" } = request.headers;
    if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`)
      return sendProblem(
        response,
        403,
        `The origin ${JSON.stringify(origin)} may not change a region. Use the console at ${this.url}, or a client that sends no Origin.`,
      );
    // A page of another site needs a CORS preflight for this content type, which the console does not support.
    if (!request.headers["content-type"]?.startsWith("application/json"))
      return sendProblem(response, 415, "Send the state as application/json.");
    const body = await readBody(request);
    if (body === undefined)
      return sendProblem(response, 413, `The body is longer than ${MAXIMUM_BODY_BYTES} bytes.`);
    const state = stateOf(body);
    if (!state)
      return sendProblem(
        response,
        400,
        `The body must be {"state": …} with one of ${REGION_STATES.join(", ")}.`,
      );
    regions.setState(name, state);
    sendJson(response, 200, { name, code: region.code, state: region.state });
  }
}

function stateOf(body: string): RegionState | undefined {
  try {
    const { state } = JSON.parse(body) as { state?: RegionState };
    return REGION_STATES.find((candidate) => candidate === state);
  } catch {
    return undefined;
  }
}

/** Returns the body; undefined when it is too long. Reads all of it, because otherwise the client would not read the response. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MAXIMUM_BODY_BYTES) chunks.push(chunk);
  }
  return length > MAXIMUM_BODY_BYTES ? undefined : Buffer.concat(chunks).toString();
}

function sendMethodNotAllowed(request: IncomingMessage, response: ServerResponse, allowed: string): void {
  response.setHeader("allow", allowed);
  sendProblem(response, 405, `${request.method} is not allowed. Allowed methods: ${allowed}.`);
}

function sendProblem(response: ServerResponse, status: number, detail: string): void {
  send(
    response,
    status,
    "application/problem+json",
    JSON.stringify({ type: "about:blank", title: STATUS_CODES[status], status, detail }),
  );
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, "application/json", JSON.stringify(value));
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  const headers = { ...FRAME_HEADERS, "content-type": contentType, "cache-control": "no-store" };
  response.writeHead(status, headers).end(body);
}
