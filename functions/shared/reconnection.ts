import type * as http from "node:http";
import type * as https from "node:https";

type Next = (args: object) => Promise<unknown>;

/** Middleware stack of a client, the same for all services. https://aws.amazon.com/blogs/developer/middleware-stack-modular-aws-sdk-js/ */
interface MiddlewareStack {
  add(
    middleware: (next: Next) => Next,
    options: { readonly step: "deserialize"; readonly priority: "low"; readonly name: string },
  ): void;
}

/** Agents of a client, which keep its connections. */
export interface Agents {
  readonly httpsAgent: https.Agent;
  /** For endpoints without TLS, such as those of emulators. */
  readonly httpAgent: http.Agent;
}

/** Maximum number of connections of a client, the SDK's own default. */
export const MAXIMUM_CONNECTIONS = 50;

/** Returns agents for a client, with the settings that the SDK's own agents have. */
export function newAgents(): Agents {
  // Inside a function: an import would be serialized into the archive.
  /* eslint-disable @typescript-eslint/no-require-imports */
  const { Agent } = require("node:http") as typeof http;
  const { Agent: TlsAgent } = require("node:https") as typeof https;
  /* eslint-enable @typescript-eslint/no-require-imports */
  const options = { keepAlive: true, maxSockets: MAXIMUM_CONNECTIONS };
  return { httpAgent: new Agent(options), httpsAgent: new TlsAgent(options) };
}

/**
 * Makes a client repeat a request once, on a new connection, if its kept connection broke before a response. The environment of a
 * function is frozen between invocations, and its connections can end meanwhile: the first request after a pause then fails with
 * ECONNRESET or EPIPE. All idle connections are closed first, because they were idle for as long. The repeated request is part of the
 * same attempt: both together take at most the time limit of one.
 *
 * The first request may have been applied, so every write of the functions is safe to repeat, as for the retries of the SDK.
 * https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html
 * https://github.com/aws/aws-sdk-js-v3/issues/1196
 * @param limitMs time limit of an attempt, in milliseconds.
 * @returns the client.
 */
export function reconnecting<T extends { readonly middlewareStack: object }>(
  client: T,
  { httpAgent, httpsAgent }: Agents,
  limitMs: number,
): T {
  const agents = [httpAgent, httpsAgent];
  const stack = client.middlewareStack as MiddlewareStack;
  // The innermost step: an error there comes before the headers of a response.
  stack.add(
    (next) => async (args) => {
      const isKept = agents.some(({ freeSockets }) => Object.keys(freeSockets).length > 0);
      const end = Date.now() + limitMs;
      try {
        return await next(args);
      } catch (error) {
        if (!isKept || !isDisconnection(error)) throw error;
        for (const { freeSockets } of agents)
          for (const sockets of Object.values(freeSockets)) sockets?.forEach((socket) => socket.destroy());
        return withinMs(next(args), end - Date.now());
      }
    },
    { step: "deserialize", priority: "low", name: "reconnect" },
  );
  return client;
}

function isDisconnection(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ECONNRESET" || code === "EPIPE";
}

/** Returns the result of a request. @throws an error with the SDK's name for a timeout, if there is none in time. */
async function withinMs<T>(request: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    const late = (): void =>
      reject(Object.assign(new Error("No response in time"), { name: "TimeoutError" }));
    timer = setTimeout(late, milliseconds);
  });
  try {
    return await Promise.race([request, limit]);
  } finally {
    clearTimeout(timer);
  }
}
