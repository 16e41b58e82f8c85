import { Agent as HttpAgent, type AgentOptions } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { LookupFunction } from "node:net";
import { connectTo } from "../../../shared/connect-to";
import { type ReceivedResponse, callApi } from "../../cli/http-request";
import type { LookUp } from "./dns-client";
import type { TicketClient, TicketRequest } from "./traffic";

/** Options of a client of the failover name that keeps its connections open. */
interface KeepAliveClientOptions {
  /** `https://api.<domain>`, with a port on the local cloud. */
  readonly url: string;
  readonly lookUp: LookUp;
  /** Certificate authority in PEM; the system's authorities by default. */
  readonly ca?: string;
  readonly timeoutMs: number;
  /**
   * Follows the rules for clients in docs/api.md: closes its connections after a 5xx or without a response, and after this time in milliseconds. Absent for a
   * client that uses a connection for as long as the region keeps it open, which is what HTTP libraries do by default.
   */
  readonly maximumAgeMs?: number;
  /** Current time in milliseconds; the system clock by default. */
  readonly now?: () => number;
}

/** Connections that were opened at about the same time. */
interface Connections {
  readonly agent: HttpAgent;
  readonly since: number;
  inFlight: number;
  isRetired: boolean;
}

/**
 * Client of the failover name with keep-alive. It resolves the name for new connections only, and keeps an answer for its TTL. The report
 * shows it apart from the clients of which routing decides alone.
 */
export class KeepAliveClient implements TicketClient {
  private connections: Connections | undefined;
  private resolved: { readonly addresses: readonly string[]; readonly until: number } | undefined;

  constructor(private readonly options: KeepAliveClientOptions) {}

  /** @throws Error with a short reason when there is no response. */
  async call({ path, ...request }: TicketRequest): Promise<ReceivedResponse> {
    const { url, ca, timeoutMs, maximumAgeMs } = this.options;
    const connections = this.currentConnections();
    connections.inFlight++;
    try {
      const call = { ...request, url: `${url}${path}`, agent: connections.agent, ca, limitMs: timeoutMs };
      const response = await callApi(call);
      if (response.status >= 500 && maximumAgeMs !== undefined) connections.isRetired = true;
      return response;
    } catch (error) {
      if (maximumAgeMs !== undefined) connections.isRetired = true;
      throw error;
    } finally {
      connections.inFlight--;
      closeUnused(connections);
    }
  }

  close(): void {
    this.connections?.agent.destroy();
  }

  private currentConnections(): Connections {
    const { maximumAgeMs = Infinity, url } = this.options;
    const known = this.connections;
    if (known && !known.isRetired && this.now() - known.since < maximumAgeMs) return known;
    if (known) {
      known.isRetired = true;
      closeUnused(known);
    }
    const options = { keepAlive: true, lookup: this.lookup, autoSelectFamily: true } as AgentOptions;
    const agent = url.startsWith("https:") ? new HttpsAgent(options) : new HttpAgent(options);
    this.connections = { agent, since: this.now(), inFlight: 0, isRetired: false };
    return this.connections;
  }

  /** Resolves the name of a new connection. */
  private readonly lookup: LookupFunction = (name, options, done) => {
    this.addressesOf(name).then(
      (addresses) => connectTo(addresses).lookup(name, options, done),
      (error: Error) => done(error, "", 4),
    );
  };

  private async addressesOf(name: string): Promise<readonly string[]> {
    if (this.resolved && this.now() < this.resolved.until) return this.resolved.addresses;
    const { addresses, ttl } = await this.options.lookUp(name);
    this.resolved = { addresses, until: this.now() + ttl * 1000 };
    return addresses;
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}

/** Closes connections that are retired, when their last request has ended. */
function closeUnused({ agent, inFlight, isRetired }: Connections): void {
  if (isRetired && inFlight === 0) agent.destroy();
}
