import { Resolver } from "node:dns/promises";
import { type ApiAnswer, callApi } from "../cli/http-request";
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

/** Looks names up at DNS servers, or at the system's own without any; of several addresses always the same one. */
export function dnsLookUp(servers: readonly string[] | undefined): LookUp {
  const resolver = new Resolver({ timeout: 1000, tries: 2 });
  if (servers) resolver.setServers(servers);
  return async (name) => {
    const records = await resolver.resolve4(name, { ttl: true });
    return records.sort((one, other) => (one.address < other.address ? -1 : 1))[0];
  };
}

/**
 * A client that knows one name and keeps its address as long as DNS allows. It is the unluckiest of all that do: it looks
 * the name up again with every request, so whenever DNS changes its answer, this client has just been given the old one.
 */
export class NameClient implements TicketClient {
  private known: KnownAddress | undefined;
  private isRenewing = false;

  constructor(private readonly options: NameClientOptions) {}

  /** @throws Error that says in a few words why there was no answer. */
  async call({ path, ...request }: TicketRequest): Promise<ApiAnswer> {
    const { url, ca, limitMs } = this.options;
    const address = await this.address();
    return callApi({ ...request, url: `${url}${path}`, address, ca, limitMs });
  }

  private async address(): Promise<string> {
    if (this.known && this.now() < this.known.until) {
      void this.renew(this.known.address);
      return this.known.address;
    }
    this.known = await this.lookUp();
    return this.known.address;
  }

  /** Keeps the address for another while if DNS still says the same; another answer is not taken before its time. */
  private async renew(address: string): Promise<void> {
    if (this.isRenewing) return;
    this.isRenewing = true;
    // A resolver that is silent says nothing new.
    const found = await this.lookUp().catch(() => undefined);
    if (found?.address === address && this.known?.address === address) this.known = found;
    this.isRenewing = false;
  }

  private async lookUp(): Promise<KnownAddress> {
    const { address, ttl } = await this.options.lookUp(new URL(this.options.url).hostname);
    return { address, until: this.now() + ttl * 1000 };
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}
