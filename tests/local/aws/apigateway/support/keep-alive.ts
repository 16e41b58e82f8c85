import { Agent, request, type AgentOptions, type RequestOptions } from "node:https";
import { Agent as HttpAgent, request as httpRequest } from "node:http";

/** A response and the local port of the connection that it came over. */
interface KeptResponse {
  readonly status: number;
  readonly body: string;
  readonly localPort: number;
}

/** A client that sends its requests over one connection, as long as the server keeps it open. */
export interface KeepAliveClient {
  get(path: string, headers?: Record<string, string>): Promise<KeptResponse>;
  close(): void;
}

/** Opens a client of a URL. @param options connects over TLS with these options. */
export function openKeepAlive(url: string, options?: AgentOptions & RequestOptions): KeepAliveClient {
  const settings = { keepAlive: true, maxSockets: 1, ...options };
  const agent = options ? new Agent(settings) : new HttpAgent(settings);
  const get: KeepAliveClient["get"] = (path, headers) =>
    new Promise((resolve, reject) => {
      const target = new URL(path, url);
      const outgoing = options
        ? request(target, { ...options, agent, headers })
        : httpRequest(target, { agent, headers });
      outgoing.once("error", reject);
      outgoing.once("response", async (response) => {
        const localPort = response.socket.localPort ?? 0;
        let body = "";
        for await (const chunk of response) body += chunk;
        resolve({ status: response.statusCode ?? 0, body, localPort });
      });
      outgoing.end();
    });
  return { get, close: () => agent.destroy() };
}
