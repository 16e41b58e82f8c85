import { Resolver } from "node:dns/promises";
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type Frontend, upgrade } from "../aws/frontend";
import { connectTo } from "../../shared/connect-to";
import { changeWholeBody, proxyRequest, type ProxyOptions } from "../aws/reverse-proxy";

/** Settings of the local gateway. */
export interface LocalGatewayOptions {
  /** Returns the names that the gateway serves now; see {@link gatewayNames}. */
  readonly names: () => GatewayNames;
  /** Address and port of the DNS server, such as `127.0.0.1:5300`. */
  readonly dnsAddress: string;
  /** The port that stands for 443 on the address of every name. */
  readonly httpsPort: number;
  /** PEM of the certificates to trust: of the CA that signs the certificates of the domain's names, and of CloudFront. */
  readonly caCertificates: readonly string[];
  /** Returns the server that answers in place of the deployed web UI; undefined without one. */
  readonly frontend?: () => Frontend | undefined;
}

/** Labels under `localhost` for names that belong to no single region: the API's failover name and the web UI. */
const API = "api";
const WEB_UI = "app";

/** Host names by the label that stands for them. */
export type GatewayNames = Readonly<Partial<Record<typeof API | typeof WEB_UI, string>>>;

/**
 * Returns the names that belong to no single region.
 * @param appUrl URL of the web UI, the program's output of the same name; undefined with public websites.
 */
export function gatewayNames(domain: string | undefined, appUrl: string | undefined): GatewayNames {
  return {
    ...(domain !== undefined && { [API]: `${API}.${domain}` }),
    ...(appUrl !== undefined && { [WEB_UI]: new URL(appUrl).hostname }),
  };
}

/** Path of the web UI's configuration, which contains the API's failover URL. */
const CONFIG_PATH = "/config.json";

/** Longer than API Gateway's own limit of 30 seconds, so that API Gateway's response comes first. */
const UPSTREAM_TIMEOUT_MS = 35_000;

/** Changes to a request for the web UI and to its response. */
interface Rewriting {
  /** Headers that replace the client's own. */
  readonly requestHeaders: OutgoingHttpHeaders;
  readonly changeResponse: ProxyOptions["changeResponse"];
}

/** A cached answer of the DNS server. */
interface CachedAddresses {
  readonly addresses: readonly string[];
  /** On the clock of `performance.now()`. */
  readonly expiresAt: number;
}

/** The upstream connection that belongs to one connection of a browser and one name. */
interface PinnedUpstream {
  readonly agent: HttpsAgent;
  /** Addresses that the name had when the upstream connection was opened. */
  addresses: readonly string[];
}

/**
 * Reverse proxy that makes the names without a single region available to an ordinary browser. Browsers resolve every name
 * under `localhost` to loopback, so `http://api.localhost:PORT/` stands for `https://api.<domain>/`, and `app.localhost` for
 * `app.<domain>`, or without a domain for the distribution's own name. The gateway resolves the name with the local DNS server and caches the answer for its TTL, as any client does.
 *
 * A connection of the browser keeps its upstream connection, and with it the region, while both are open: a browser asks DNS only for
 * a new connection, and reuses an open one whatever DNS answers now (https://insouciant.org/tech/connection-management-in-chromium/).
 */
export class LocalGateway {
  private readonly resolver = new Resolver({ timeout: 2000, tries: 2 });
  private readonly lookups = new Map<string, Promise<CachedAddresses>>();
  private readonly upstreams = new Map<Socket, Map<string, PinnedUpstream>>();

  constructor(private readonly options: LocalGatewayOptions) {
    this.resolver.setServers([options.dnsAddress]);
  }

  /** Returns whether a Host header is one of the gateway's names. */
  handles(host: string): boolean {
    return this.labelOf(host) !== undefined;
  }

  /** Responds to a request for one of the gateway's names. Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { httpsPort } = this.options;
    const requestedHost = request.headers.host ?? "";
    const label = this.labelOf(requestedHost);
    const name = String(label && this.options.names()[label]);
    let upstream = name;
    try {
      const frontend = label === WEB_UI ? this.options.frontend?.() : undefined;
      if (frontend?.serves(request)) {
        upstream = "The development server of the web UI";
        return await frontend.handle(request, response);
      }
      const pinned = this.upstreamOf(request.socket, name);
      if (!isConnected(pinned.agent)) pinned.addresses = await this.resolve(name);
      const { agent, addresses } = pinned;
      upstream = `${addresses.join(" and ")}:${httpsPort}`;
      const rewriting = label === WEB_UI ? this.rewriting(request.url ?? "/", requestedHost) : undefined;
      await proxyRequest(request, response, {
        upstream: {
          protocol: "https:",
          host: name,
          port: httpsPort,
          ...connectTo(addresses),
          servername: name,
          agent,
          timeout: UPSTREAM_TIMEOUT_MS,
          path: request.url,
          headers: { ...request.headers, host: name, ...rewriting?.requestHeaders },
        },
        changeResponse: rewriting?.changeResponse,
      });
    } catch (error) {
      fail(response, upstream, error as NodeJS.ErrnoException);
    }
  }

  /** Responds to a request to switch to another protocol, which only the web UI's development server supports. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const isWebUi = this.labelOf(request.headers.host ?? "") === WEB_UI;
    upgrade(isWebUi ? this.options.frontend?.() : undefined, request, socket, head);
  }

  /** Cancels pending look-ups and closes the open connections. */
  close(): void {
    this.resolver.cancel();
    for (const socket of this.upstreams.keys()) this.release(socket);
  }

  /** Returns the upstream of a browser's connection. */
  private upstreamOf(socket: Socket, name: string): PinnedUpstream {
    let upstreams = this.upstreams.get(socket);
    if (!upstreams) {
      this.upstreams.set(socket, (upstreams = new Map()));
      socket.once("close", () => this.release(socket));
    }
    let pinned = upstreams.get(name);
    if (!pinned) {
      const agent = new HttpsAgent({ ca: [...this.options.caCertificates], keepAlive: true, maxSockets: 1 });
      upstreams.set(name, (pinned = { agent, addresses: [] }));
    }
    return pinned;
  }

  /** Closes the upstream connections of a browser's connection. */
  private release(socket: Socket): void {
    for (const { agent } of this.upstreams.get(socket)?.values() ?? []) agent.destroy();
    this.upstreams.delete(socket);
  }

  /** @param requestedHost the Host header under which the browser opened the web UI. */
  private rewriting(path: string, requestedHost: string): Rewriting | undefined {
    const api = this.options.names()[API];
    if (api === undefined) return undefined;
    const gatewayUrl = `http://${API}${requestedHost.slice(WEB_UI.length)}`;
    return replaceFailoverUrl(path, `https://${api}`, gatewayUrl);
  }

  /** Returns the label of a Host header that stands for a name; undefined for other hosts. */
  private labelOf(host: string): keyof GatewayNames | undefined {
    const label = /^([^.]+)\.localhost(?::\d+)?$/i.exec(host)?.[1].toLowerCase();
    return ([API, WEB_UI] as const).find((known) => known === label && known in this.options.names());
  }

  /** Resolves a name and caches the answer for its TTL. Concurrent requests share one look-up. */
  private async resolve(name: string): Promise<readonly string[]> {
    const before = this.lookups.get(name);
    // A failed look-up has rejected for the requests that waited for it; it is not cached.
    const known = await before?.catch(() => undefined);
    if (known && known.expiresAt > performance.now()) return known.addresses;
    const pending = this.lookups.get(name);
    const lookup = pending === undefined || pending === before ? this.queryDns(name) : pending;
    this.lookups.set(name, lookup);
    return (await lookup).addresses;
  }

  private async queryDns(name: string): Promise<CachedAddresses> {
    const records = await this.resolver.resolve4(name, { ttl: true });
    const addresses = records.map(({ address }) => address);
    return { addresses, expiresAt: performance.now() + records[0].ttl * 1000 };
  }
}

/** Returns whether an agent has an open connection. */
function isConnected({ sockets, freeSockets }: HttpsAgent): boolean {
  return Object.keys(sockets).length + Object.keys(freeSockets).length > 0;
}

/** Responds with 502 as problem details (RFC 9457), or aborts a response that has begun. */
function fail(response: ServerResponse, upstream: string, error: NodeJS.ErrnoException): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const reason = error.message || error.code || "unknown error";
  const problem = {
    type: "about:blank",
    title: "Bad Gateway",
    status: 502,
    detail: `${upstream} did not respond: ${reason}.`,
  };
  response.writeHead(502, { "content-type": "application/problem+json" });
  response.end(JSON.stringify(problem));
}

/**
 * Replaces the API's failover URL by the gateway's in the web UI's configuration and in its CSP, because the browser cannot
 * resolve the failover name. The deployed files stay unchanged.
 * @param path path of the request.
 * @param failoverUrl URL in the deployed files, such as `https://api.tickets.test`.
 * @param gatewayUrl URL of the same API through the gateway, such as `http://api.localhost:4700`.
 */
function replaceFailoverUrl(path: string, failoverUrl: string, gatewayUrl: string): Rewriting {
  const isConfig = path.split("?")[0] === CONFIG_PATH;
  return {
    // The body must be uncompressed text.
    requestHeaders: isConfig ? { "accept-encoding": "identity" } : {},
    changeResponse: (headers) => ({
      headers: responseHeaders(headers, failoverUrl, gatewayUrl, isConfig),
      body: isConfig
        ? changeWholeBody((body) => body.toString().replaceAll(failoverUrl, gatewayUrl))
        : undefined,
    }),
  };
}

function responseHeaders(
  headers: IncomingHttpHeaders,
  failoverUrl: string,
  gatewayUrl: string,
  isConfig: boolean,
): IncomingHttpHeaders {
  const { "content-security-policy": policy, "content-length": length, ...rest } = headers;
  return {
    ...rest,
    ...(policy !== undefined && {
      "content-security-policy": String(policy).replaceAll(failoverUrl, gatewayUrl),
    }),
    ...(length !== undefined && !isConfig && { "content-length": length }),
  };
}
