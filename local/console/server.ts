import { createServer, IncomingMessage, Server, ServerResponse } from "node:http";
import type { Addresses } from "../addresses";
import { nameOfHost } from "../aws/allowed-hosts";
import { IDLE_CONNECTION_MS } from "../aws/apigateway/server";
import type { LocalGateway } from "../gateway/gateway";
import { closeServer, listen } from "../aws/listen";
import { readChange } from "./http/change-body";
import { send, sendJson, sendMethodNotAllowed, sendProblem } from "./http/responses";
import { checkParameters, matchRoute, type Route, RouteError } from "./http/route";
import { serveStaticFile } from "./static-files";
import type { ConsoleState } from "./state";

/** Settings of the console's server. */
export interface ConsoleServerOptions {
  readonly port: number;
  readonly state: () => Promise<ConsoleState>;
  readonly addresses: () => Addresses;
  readonly caCertificate: string;
  /** Further resources of the HTTP interface. */
  readonly routes: readonly Route[];
  /** Handles requests for its own names. */
  readonly gateway: LocalGateway | undefined;
  /** Whether the gateway can switch to WebSocket; false by default. */
  readonly upgrades?: boolean;
}

/** Host names of the console. Other names under `localhost` belong to the local gateway. */
const HOST_NAMES = ["localhost", "127.0.0.1"];

/** HTTP server of the console: its page, and the HTTP interface that the page uses. */
export class ConsoleServer {
  private readonly routes: readonly Route[];

  private constructor(
    private readonly server: Server,
    private readonly port: number,
    private readonly options: ConsoleServerOptions,
  ) {
    const { state, addresses, routes } = options;
    this.routes = [{ path: "/state", get: state }, { path: "/addresses", get: addresses }, ...routes];
  }

  /** @throws PortInUseError when another program uses the port. */
  static async start(options: ConsoleServerOptions): Promise<ConsoleServer> {
    const server = createServer();
    // Through the local gateway, a connection to this server stands for one to API Gateway.
    server.keepAliveTimeout = IDLE_CONNECTION_MS;
    const port = await listen(server, { port: options.port, purpose: "the console" });
    const console = new ConsoleServer(server, port, options);
    const { gateway, upgrades } = options;
    // With a listener Node.js no longer ignores the wish of a client for another protocol, such as HTTP/2.
    if (gateway && upgrades)
      server.on("upgrade", (request, socket, head) => gateway.upgrade(request, socket, head));
    server.on("request", (request, response) => {
      console.handle(request, response).catch((error: Error) => {
        if (response.headersSent) response.destroy();
        else if (error instanceof RouteError) sendProblem(response, error.status, error.message);
        else sendProblem(response, 500, `The console failed: ${error.message}`);
      });
    });
    return console;
  }

  /** `http://localhost:<port>` */
  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** Returns the local gateway's URL for a label, such as `api`. */
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
    const [pathname, query] = (request.url ?? "/").split("?", 2);
    const matched = matchRoute(this.routes, pathname);
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (matched) {
      const { route, path } = matched;
      const asked = { path, query: new URLSearchParams(query) };
      checkParameters(asked.query, route.parameters ?? []);
      if (isRead) return sendJson(response, await route.get(asked));
      if (request.method !== "POST" || !route.post)
        return sendMethodNotAllowed(request, response, route.post ? "GET, HEAD, POST" : "GET, HEAD");
      return sendJson(response, await route.post(asked, await readChange(request, this.url)));
    }
    if (!isRead) return sendMethodNotAllowed(request, response, "GET, HEAD");
    if (pathname === "/ca.pem")
      return send(response, 200, "application/x-pem-file", this.options.caCertificate);
    if (!(await serveStaticFile(pathname, response)))
      sendProblem(response, 404, `Nothing is served at ${pathname}. Paths: ${this.paths()}.`);
  }

  private paths(): string {
    return ["/", "/ca.pem", ...this.routes.map(({ path }) => path)].join(", ");
  }
}
