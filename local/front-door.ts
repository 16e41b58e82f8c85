import { Resolver } from "node:dns/promises";
import { Agent as HttpsAgent, type RequestOptions } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { endToEnd, proxy } from "./proxy";

/** What the front door works with. */
export interface FrontDoorOptions {
  /** The domain that `localhost` stands for, such as `tickets.test`. */
  readonly domain: string;
  /** Address and port of the DNS server, such as `127.0.0.1:5300`. */
  readonly dnsAddress: string;
  /** The port of the custom domains on every region's address. */
  readonly httpsPort: number;
  /** PEM of the CA that the custom domains' certificates are signed by. */
  readonly caCertificate: string;
  /** AWS code of the region that has this address. */
  readonly regionOf: (address: string) => string | undefined;
  /** The URL of every region's website, by AWS code. */
  readonly websites: Readonly<Record<string, string>>;
}

/** An answer of the DNS server. */
interface KnownAddress {
  readonly address: string;
  /** On the clock of `performance.now()`. */
  readonly expiresAt: number;
}

/**
 * Lets an ordinary browser use the failover names: browsers take every name under `localhost` for loopback, so
 * `http://api.localhost:PORT/` stands for `https://api.<domain>/`. The name is looked up in the real DNS server and the answer
 * kept for its TTL, as any client does.
 *
 * `http://app.localhost:PORT/` stands for the page. The program makes no `app.<domain>`, so the page comes from the
 * website of the region that `api.<domain>` resolves to, or from another region's when that one does not answer, as
 * CloudFront does with an origin group.
 */
export class FrontDoor {
  private readonly resolver = new Resolver({ timeout: 2000, tries: 2 });
  private readonly agent: HttpsAgent;
  private lookup: Promise<KnownAddress> | undefined;

  constructor(private readonly options: FrontDoorOptions) {
    this.resolver.setServers([options.dnsAddress]);
    this.agent = new HttpsAgent({ ca: options.caCertificate, keepAlive: false });
  }

  /** Whether a Host header is one of the front door's names. */
  handles(host: string): boolean {
    return labelOf(host) !== undefined;
  }

  /** Answers a request for `api.localhost` or `app.localhost`; never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isApi = labelOf(request.headers.host ?? "") === "api";
    let upstream = `api.${this.options.domain}`;
    try {
      const address = await this.resolve();
      upstream = `${address}:${this.options.httpsPort}`;
      await (isApi
        ? this.proxyToApi(address, request, response)
        : this.proxyToPage(address, request, response));
    } catch (error) {
      fail(response, upstream, error as NodeJS.ErrnoException);
    }
  }

  /** Drops pending look-ups and the connections still in use. */
  close(): void {
    this.resolver.cancel();
    this.agent.destroy();
  }

  private async proxyToApi(
    address: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const name = `api.${this.options.domain}`;
    const options: RequestOptions = {
      protocol: "https:",
      host: address,
      port: this.options.httpsPort,
      servername: name,
      agent: this.agent,
      path: request.url,
      headers: { ...endToEnd(request.headers), host: name },
    };
    await proxy(options, request, response);
  }

  private async proxyToPage(
    address: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const [first, ...others] = this.websitesFrom(address);
    try {
      await proxy(websiteOptions(first, request), request, response);
    } catch (error) {
      if (response.headersSent || response.destroyed || others.length === 0) throw error;
      await proxy(websiteOptions(others[0], request), request, response);
    }
  }

  /** Every region's website, that of the region with the address first. */
  private websitesFrom(address: string): URL[] {
    const { regionOf, websites } = this.options;
    const region = regionOf(address);
    if (region === undefined) throw new Error("no region has this address");
    const others = Object.keys(websites).filter((code) => code !== region);
    return [region, ...others].map((code) => new URL(websites[code]));
  }

  /** The address of `api.<domain>`, kept for its TTL; requests that come together share one look-up. */
  private async resolve(): Promise<string> {
    const before = this.lookup;
    // A look-up that failed has told those who waited for it; it is not kept.
    const known = await before?.catch(() => undefined);
    if (known && known.expiresAt > performance.now()) return known.address;
    if (this.lookup === before || !this.lookup) this.lookup = this.askDns();
    return (await this.lookup).address;
  }

  private async askDns(): Promise<KnownAddress> {
    const [{ address, ttl }] = await this.resolver.resolve4(`api.${this.options.domain}`, { ttl: true });
    return { address, expiresAt: performance.now() + ttl * 1000 };
  }
}

function labelOf(host: string): "api" | "app" | undefined {
  const [, label] = /^(api|app)\.localhost(?::\d+)?$/i.exec(host) ?? [];
  return label?.toLowerCase() as "api" | "app" | undefined;
}

function websiteOptions(website: URL, request: IncomingMessage): RequestOptions {
  return {
    protocol: "http:",
    agent: false,
    host: website.hostname,
    port: website.port,
    path: website.pathname.replace(/\/$/, "") + request.url,
    headers: { ...endToEnd(request.headers), host: website.host },
  };
}

/** Answers 502 as problem details (RFC 9457), or ends an answer that has begun. */
function fail(response: ServerResponse, upstream: string, error: NodeJS.ErrnoException): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const reason = error.message || error.code || "unknown error";
  const problem = {
    type: "about:blank",
    title: "Bad Gateway",
    status: 502,
    detail: `${upstream} did not answer: ${reason}.`,
  };
  response.writeHead(502, { "content-type": "application/problem+json" });
  response.end(JSON.stringify(problem));
}
