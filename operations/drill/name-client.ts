import { Resolver } from "node:dns/promises";
import { type ApiAnswer, callApi } from "./http-request";
import type { TicketClient, TicketRequest } from "./ticket-client";

/** An address and the moment until which it may be used, in milliseconds of the client's clock. */
interface KnownAddress {
  readonly address: string;
  readonly until: number;
}

/** Looks a name up: its first address and the TTL in seconds. */
export type LookUp = (name: string) => Promise<{ readonly address: string; readonly ttl: number }>;

/** What a client of the failover name needs. */
export interface NameClientOptions {
  /** `https://api.<domain>`, with a port on the local cloud. */
  readonly url: string;
  readonly lookUp: LookUp;
  /** PEM; the system's authorities without it. */
  readonly ca?: string;
  readonly limitMs: number;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** Looks names up at DNS servers, or at the system's own without any. */
export function dnsLookUp(servers: readonly string[] | undefined): LookUp {
  const resolver = new Resolver({ timeout: 1000, tries: 2 });
  if (servers) resolver.setServers(servers);
  return async (name) => (await resolver.resolve4(name, { ttl: true }))[0];
}

/** A client that knows one name and keeps its address exactly as long as DNS allows: what most programs do at best. */
export class NameClient implements TicketClient {
  private known: KnownAddress | undefined;

  constructor(private readonly options: NameClientOptions) {}

  /** @throws Error that says in a few words why there was no answer. */
  async call({ path, ...request }: TicketRequest): Promise<ApiAnswer> {
    const { url, ca, limitMs } = this.options;
    const address = await this.address();
    return callApi({ ...request, url: `${url}${path}`, address, ca, limitMs });
  }

  private async address(): Promise<string> {
    const now = (this.options.now ?? Date.now)();
    if (this.known && now < this.known.until) return this.known.address;
    const { address, ttl } = await this.options.lookUp(new URL(this.options.url).hostname);
    this.known = { address, until: now + ttl * 1000 };
    return address;
  }
}
