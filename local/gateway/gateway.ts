import { Resolver } from "node:dns/promises";
import { Agent as HttpsAgent } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { reachableName, type Rewriting } from "./reachable-name";
import { proxyRequest } from "../aws/reverse-proxy";

/** Settings of the local gateway. */
export interface LocalGatewayOptions {
  /** The domain that `localhost` stands for, such as `tickets.test`. */
  readonly domain: string;
  /** Address and port of the DNS server, such as `127.0.0.1:5300`. */
  readonly dnsAddress: string;
  /** The port that stands for 443 on the address of every name. */
  readonly httpsPort: number;
  /** PEM of the CA that the names' certificates are signed by. */
  readonly caCertificate: string;
}

/** Longer than API Gateway's own limit of 30 seconds, so that its response comes first. */
const UPSTREAM_TIMEOUT_MS = 35_000;

/** The names of the domain that no single region has. */
export const GATEWAY_LABELS = ["api", "app"] as const;
const [API, PAGE] = GATEWAY_LABELS;

/** An answer of the DNS server. */
interface KnownAddress {
  readonly address: string;
  /** On the clock of `performance.now()`. */
  readonly expiresAt: number;
}

/**
 * Lets an ordinary browser use the names that no single region has: browsers take every name under `localhost` for loopback,
 * so `http://api.localhost:PORT/` stands for `https://api.<domain>/`, and `app.localhost` for `app.<domain>`. The name is
 * looked up in the real DNS server and the answer kept for its TTL, as any client does.
 */
export class LocalGateway {
  private readonly resolver = new Resolver({ timeout: 2000, tries: 2 });
  private readonly agent: HttpsAgent;
  private readonly lookups = new Map<string, Promise<KnownAddress>>();

  constructor(private readonly options: LocalGatewayOptions) {
    this.resolver.setServers([options.dnsAddress]);
    this.agent = new HttpsAgent({ ca: options.caCertificate, keepAlive: false });
  }

  /** Whether a Host header is one of the gateway's names. */
  handles(host: string): boolean {
    return labelOf(host) !== undefined;
  }

  /** Answers a request for one of the gateway's names; never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { domain, httpsPort } = this.options;
    const asked = request.headers.host ?? "";
    const label = labelOf(asked);
    const name = `${label}.${domain}`;
    let upstream = name;
    try {
      const host = await this.resolve(name);
      upstream = `${host}:${httpsPort}`;
      const rewriting = label === PAGE ? this.rewriting(request.url ?? "/", asked) : undefined;
      await proxyRequest(request, response, {
        upstream: {
          protocol: "https:",
          host,
          port: httpsPort,
          servername: name,
          agent: this.agent,
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

  /** Drops pending look-ups and the connections still in use. */
  close(): void {
    this.resolver.cancel();
    this.agent.destroy();
  }

  /** Tells the page the API's name that its browser can resolve. @param asked the page's own Host header. */
  private rewriting(path: string, asked: string): Rewriting {
    const reachable = `http://${API}${asked.slice(PAGE.length)}`;
    return reachableName(path, `https://${API}.${this.options.domain}`, reachable);
  }

  /** The address of a name, kept for its TTL; requests that come together share one look-up. */
  private async resolve(name: string): Promise<string> {
    const before = this.lookups.get(name);
    // A look-up that failed has told those who waited for it; it is not kept.
    const known = await before?.catch(() => undefined);
    if (known && known.expiresAt > performance.now()) return known.address;
    const pending = this.lookups.get(name);
    const lookup = pending === undefined || pending === before ? this.askDns(name) : pending;
    this.lookups.set(name, lookup);
    return (await lookup).address;
  }

  private async askDns(name: string): Promise<KnownAddress> {
    const [{ address, ttl }] = await this.resolver.resolve4(name, { ttl: true });
    return { address, expiresAt: performance.now() + ttl * 1000 };
  }
}

function labelOf(host: string): string | undefined {
  const label = /^([^.]+)\.localhost(?::\d+)?$/i.exec(host)?.[1].toLowerCase();
  return GATEWAY_LABELS.find((known) => known === label);
}

/** Answers 502 as problem details (RFC 9457), or ends an answer that has begun. */
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
