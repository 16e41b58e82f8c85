import { Resolver } from "node:dns/promises";
import { type ReceivedResponse, callApi } from "../../cli/http-request";
import type { TicketClient, TicketRequest } from "./traffic";

/** An address and its expiry, in milliseconds of the client's clock. */
interface CachedAddress {
  readonly address: string;
  readonly until: number;
}

/** Resolves a name to its first address and the TTL in seconds. */
export type LookUp = (name: string) => Promise<{ readonly address: string; readonly ttl: number }>;

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

/** Resolves names at these DNS servers, or at the system's by default. Always returns the same one of several addresses. */
export function dnsLookUp(servers: readonly string[] | undefined): LookUp {
  const resolver = new Resolver({ timeout: 1000, tries: 2 });
  if (servers) resolver.setServers(servers);
  return async (name) => {
    const records = await resolver.resolve4(name, { ttl: true });
    return records.sort((one, other) => (one.address < other.address ? -1 : 1))[0];
  };
}

/**
 * Worst-case client of the failover name that respects the TTL. It resolves the name again with every request, so it has always
 * just received the old answer when DNS changes, and uses it for the full TTL.
 */
export class DnsClient implements TicketClient {
  private cached: CachedAddress | undefined;
  private isRenewing = false;

  constructor(private readonly options: DnsClientOptions) {}

  /** @throws Error with a short reason when there is no response. */
  async call({ path, ...request }: TicketRequest): Promise<ReceivedResponse> {
    const { url, ca, timeoutMs } = this.options;
    const address = await this.address();
    return callApi({ ...request, url: `${url}${path}`, address, ca, limitMs: timeoutMs });
  }

  private async address(): Promise<string> {
    if (this.cached && this.now() < this.cached.until) {
      void this.renew(this.cached.address);
      return this.cached.address;
    }
    this.cached = await this.lookUp();
    return this.cached.address;
  }

  /** Extends the lifetime of an address that DNS still answers with. Ignores another answer until the address expires. */
  private async renew(address: string): Promise<void> {
    if (this.isRenewing) return;
    this.isRenewing = true;
    const found = await this.lookUp().catch(() => undefined);
    if (found?.address === address && this.cached?.address === address) this.cached = found;
    this.isRenewing = false;
  }

  private async lookUp(): Promise<CachedAddress> {
    const { address, ttl } = await this.options.lookUp(new URL(this.options.url).hostname);
    return { address, until: this.now() + ttl * 1000 };
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}
