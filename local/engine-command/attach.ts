import { request } from "node:http";
import type { EngineCommandLine } from "./options";
import { ENGINE_PATH, type EngineAccount } from "./engine-account";

/** Time limits for the responses of a running local cloud, in milliseconds. After a change it runs the CLI to read the outputs. */
const TIMEOUTS_MS = { GET: 10_000, POST: 60_000 };

/**
 * Finds the local cloud whose console uses the port of the command line.
 * @returns undefined if nothing uses the port.
 * @throws Error if the cloud was not started by this command or runs another stack, or if another program uses the port.
 */
export async function findAccount({ cloud }: EngineCommandLine): Promise<EngineAccount | undefined> {
  if (cloud.port === 0) return undefined;
  const response = await send(cloud.port, "GET");
  if (response === undefined) return undefined;
  const url = `http://localhost:${cloud.port}`;
  const account = parseAccount(response.body);
  if (response.status === 200 && account) {
    if (account.stack === cloud.stack) return account;
    throw new Error(
      `The local cloud at ${url} runs the stack ${account.stack}. Use --stack ${account.stack}, or start another local cloud: ` +
        `npm run local:pulumi -- up --stack ${cloud.stack} --port ${cloud.port + 100}`,
    );
  }
  if (response.status === 404 && /"title"|Paths: /.test(response.body))
    throw new Error(
      `The local cloud at ${url} was started without the Pulumi engine, by npm start. Stop it with Ctrl-C in its terminal and start ` +
        `one with: npm run local:pulumi -- up --stack ${cloud.stack}. Or start another one: add --port ${cloud.port + 100}.`,
    );
  throw new Error(`Another program uses port ${cloud.port}. Choose another port with --port.`);
}

/** Tells a local cloud that the stack has changed. */
export async function announceChange(port: number): Promise<void> {
  const response = await send(port, "POST");
  if (response?.status !== 200)
    throw new Error(
      `The local cloud could not read the stack's outputs: ${response?.body ?? "it has ended"}`,
    );
}

function parseAccount(body: string): EngineAccount | undefined {
  try {
    const account = JSON.parse(body) as Partial<EngineAccount>;
    return account.debugProviders === undefined ? undefined : (account as EngineAccount);
  } catch {
    // Not the console.
    return undefined;
  }
}

/** Sends a request to the console. @returns undefined if the connection is refused. */
function send(port: number, method: "GET" | "POST"): Promise<{ status?: number; body: string } | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        ...{ host: "127.0.0.1", port, method, path: ENGINE_PATH, agent: false },
        headers: { host: `localhost:${port}`, "content-type": "application/json" },
        timeout: TIMEOUTS_MS[method],
      },
      (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (text: string) => (body += text));
        response.on("end", () => resolve({ status: response.statusCode, body }));
        response.on("error", reject);
      },
    );
    outgoing.on("timeout", () =>
      outgoing.destroy(new Error(`Port ${port} did not respond within ${TIMEOUTS_MS[method] / 1000} s.`)),
    );
    outgoing.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNREFUSED" ? resolve(undefined) : reject(foreign(port, error)),
    );
    outgoing.end(method === "POST" ? "{}" : undefined);
  });
}

/** An error of a connection to a program that does not speak HTTP. */
function foreign(port: number, error: NodeJS.ErrnoException): Error {
  return new Error(`Another program uses port ${port} (${error.message}). Choose another port with --port.`, {
    cause: error,
  });
}
