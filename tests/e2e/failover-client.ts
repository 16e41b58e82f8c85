import { Resolver } from "node:dns/promises";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import type { Addresses } from "../../local/addresses";

/** Response of the API. */
export interface FailoverResponse {
  readonly status: number;
  /** AWS code of the region that responded. */
  readonly servedBy: string | undefined;
  // Each test knows the response of the operation that it calls.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

/** HTTPS client that resolves the name before each request and trusts the local certificate authority. */
export class FailoverClient {
  private readonly resolver = new Resolver({ timeout: 5000, tries: 2 });
  private readonly ca: string;

  constructor(addresses: Addresses) {
    this.resolver.setServers([addresses.dns!]);
    this.ca = readFileSync(addresses.caFile!, "utf8");
  }

  /** Returns the current address of a name. */
  async resolve(name: string): Promise<string> {
    const [address] = await this.resolver.resolve4(name);
    return address;
  }

  /** @param url an `https` URL from `addresses.names` with a path. */
  async call(method: string, url: string, body?: unknown): Promise<FailoverResponse> {
    const { hostname, port, pathname, search } = new URL(url);
    const address = await this.resolve(hostname);
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: address,
          port,
          method,
          path: `${pathname}${search}`,
          servername: hostname,
          headers: { host: hostname, "content-type": "application/json" },
          ca: this.ca,
          agent: false,
          timeout: 20_000,
        },
        (response) => {
          let text = "";
          response.on("data", (chunk) => (text += String(chunk)));
          response.on("error", reject);
          response.on("end", () => {
            const servedBy = response.headers["x-served-by"] as string | undefined;
            resolve({ status: response.statusCode!, servedBy, body: text ? JSON.parse(text) : undefined });
          });
        },
      );
      outgoing.on("timeout", () => outgoing.destroy(new Error(`${url} did not respond within 20 s.`)));
      outgoing.on("error", reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
