import { Resolver } from "node:dns/promises";
import { type ReceivedResponse, callApi } from "../../cli/http-request";
import type { TicketClient, TicketRequest } from "./traffic";

/** Addresses of a name and their expiry, in milliseconds of the client's clock. */
interface CachedAddresses {
  readonly addresses: readonly string[];
  readonly until: number;
}

/** Resolves a name to its addresses, in the order in which they are tried, and the TTL in seconds. */
export type LookUp = (
  name: string,
) => Promise<{ readonly addresses: readonly string[]; readonly ttl: number }>;

/** Options of a client of the failover name. */
interface DnsClientOptions {
  /** `https://api.<domain>`, with a port on the local cloud. */
  readonly url: string;
  readonly lookUp: LookUp;
  /** Certificate authority in PEM; the system's authorities by default. */
  readonly ca?: string;
  readonly timeoutMs: number;
  /** Current time in milliseconds; the system clock by default. */
  readonly now?: () => number;
}

/** Resolves names at these DNS servers, or at the system's by default. Always returns several addresses in the same order. */
export function dnsLookUp(servers: readonly string[] | undefined): LookUp {
  const resolver = new Resolver({ timeout: 1000, tries: 2 });
  if (servers) resolver.setServers(servers);
  return async (name) => {
    const records = await resolver.resolve4(name, { ttl: true });
    const addresses = records.map(({ address }) => address).sort();
    return { addresses, ttl: Math.min(...records.map(({ ttl }) => ttl)) };
  };
}

/**
 * Worst-case client of the failover name that respects the TTL. It resolves the name again with every request, so it has always
 * just received the old answer when DNS changes, and uses it for the full TTL.
 */
export class DnsClient implements TicketClient {
  private cached: CachedAddresses | undefined;
  private isRenewing = false;

  constructor(private readonly options: DnsClientOptions) {}

  /** @throws Error with a short reason when there is no response. */
  async call({ path, ...request }: TicketRequest): Promise<ReceivedResponse> {
    const { url, ca, timeoutMs } = this.options;
    const addresses = await this.addresses();
    return callApi({ ...request, url: `${url}${path}`, addresses, ca, limitMs: timeoutMs });
  }

  private async addresses(): Promise<readonly string[]> {
    if (this.cached && this.now() < this.cached.until) {
      void this.renew(this.cached.addresses);
      return this.cached.addresses;
    }
    this.cached = await this.lookUp();
    return this.cached.addresses;
  }

  /** Extends the lifetime of addresses that DNS still answers with. Ignores another answer until they expire. */
  private async renew(addresses: readonly string[]): Promise<void> {
    if (this.isRenewing) return;
    this.isRenewing = true;
    const found = await this.lookUp().catch(() => undefined);
    const known = addresses.join();
    if (found?.addresses.join() === known && this.cached?.addresses.join() === known) this.cached = found;
    this.isRenewing = false;
  }

  private async lookUp(): Promise<CachedAddresses> {
    const { addresses, ttl } = await this.options.lookUp(new URL(this.options.url).hostname);
    return { addresses, until: this.now() + ttl * 1000 };
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}
