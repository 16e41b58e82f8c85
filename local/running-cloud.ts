import { request } from "node:http";
import { isForeignHostRejection } from "./aws/allowed-hosts";
import { portsFrom } from "./ports";

/** A local cloud that another process runs on this machine. */
export interface RunningCloud {
  /** URL of its console. */
  readonly console: string;
  /** Name of its Pulumi stack; undefined while it starts. */
  readonly stack: string | undefined;
}

/** Time for an answer, in milliseconds. */
const ASK_MS = 1000;

/**
 * Finds the local cloud that has a port, by asking each console whose ports would include it for its addresses. A cloud that
 * is still starting has no console yet, but an AWS endpoint, its first server.
 * @param port a port that is taken.
 * @param own the console's port of this cloud, which is asked first.
 * @param regions the number of regions.
 * @returns undefined when no local cloud answers: another program has the port.
 */
export async function cloudAt(port: number, own: number, regions: number): Promise<RunningCloud | undefined> {
  const { api, website, dynamodb, fauxqs, ...single } = portsFrom(
    1,
    Array.from({ length: regions }, (_, index) => String(index)),
  );
  const offsets = [single, api, website, dynamodb, fauxqs]
    .flatMap((ports) => Object.values(ports) as number[])
    .map((one) => one - 1);
  const others = offsets.map((offset) => port - offset).filter((one) => one > 0 && one !== own);
  return (
    (await firstOf([own], askConsole)) ??
    (await firstOf(others, askConsole)) ??
    (await firstOf([own], askEndpoint)) ??
    firstOf(others, askEndpoint)
  );
}

/** The first cloud that is found at one of the consoles' ports, all of which are asked at once. */
async function firstOf(
  ports: readonly number[],
  ask: (port: number) => Promise<RunningCloud | undefined>,
): Promise<RunningCloud | undefined> {
  const found = await Promise.all(ports.map(ask));
  return found.find((cloud) => cloud !== undefined);
}

async function askConsole(port: number): Promise<RunningCloud | undefined> {
  const limit = new AbortController();
  // Not AbortSignal.timeout, whose timer would let the process end before it has said what is in the way.
  const timer = setTimeout(() => limit.abort(), ASK_MS);
  try {
    const response = await fetch(`http://127.0.0.1:${port}/addresses`, {
      signal: limit.signal,
      redirect: "error",
    });
    const { stack, console: url, regions } = (await response.json()) as Partial<Record<string, unknown>>;
    if (typeof stack !== "string" || typeof url !== "string" || typeof regions !== "object") return undefined;
    return { stack, console: url };
  } catch {
    // Whatever is there, it is no console.
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** Asks the AWS endpoint of the cloud that would have its console at a port, by a host that every local cloud refuses. */
async function askEndpoint(port: number): Promise<RunningCloud | undefined> {
  const refused = await new Promise<boolean>((resolve) => {
    const asked = request(
      {
        host: "127.0.0.1",
        port: portsFrom(port, []).endpoint,
        headers: { host: "another-local-cloud.invalid" },
        agent: false,
        timeout: ASK_MS,
      },
      (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (text: string) => (body += text));
        response.on("close", () => resolve(isForeignHostRejection(response.statusCode, body)));
      },
    );
    asked.on("timeout", () => asked.destroy());
    asked.on("close", () => resolve(false)).on("error", () => resolve(false));
    asked.end();
  });
  return refused ? { console: `http://localhost:${port}`, stack: undefined } : undefined;
}
