import { isSameStack } from "../../command-line/stack-name";
import { CommandError, reasonOf } from "../../command-line/command-error";
import type { FoundRegions, ServiceEndpoints } from "./deployed-regions";

/** Every question, in milliseconds: a machine with two regions on it can be busy. */
const MAXIMUM_MS = 10_000;

/** What is used of the local cloud's addresses. */
interface LocalAddresses {
  readonly stack: string;
  readonly regions: Readonly<Record<string, ServiceEndpoints>>;
  /** Null without a domain, as the next three. */
  readonly domain?: string | null;
  readonly dns?: string | null;
  readonly failback?: "gated" | "automatic" | null;
  readonly caFile?: string | null;
  readonly names?: Readonly<Record<string, string>>;
}

/** What is used of the local cloud's state. */
export interface LocalState {
  readonly speed: number;
  readonly regions: readonly { readonly name: string; readonly role: string }[];
  readonly healthChecks: readonly {
    readonly name: string;
    readonly healthy: boolean;
    readonly means: string;
    readonly lastResult: string;
  }[];
  /** The last hundred events. */
  readonly events: readonly { readonly at: number; readonly text: string }[];
}

/**
 * The regions of the running local cloud.
 * @param consoleUrl such as `http://localhost:4700`.
 * @param stack the stack that it must run; undefined for any.
 * @throws CommandError when it does not run there, or runs another stack.
 */
export async function localCloudRegions(
  consoleUrl: string,
  stack: string | undefined,
): Promise<FoundRegions> {
  const addresses = await readAddresses(consoleUrl);
  if (stack !== undefined && !isSameStack(stack, addresses.stack))
    throw new CommandError(
      `The local cloud at ${consoleUrl} runs the stack ${addresses.stack}, not ${stack}.`,
    );
  const entries = Object.entries(addresses.regions).map(([name, region]) => {
    const { dynamodb, sqs, s3 } = region;
    return [name, { ...region, endpoints: { dynamodb, sqs, s3 } }];
  });
  const { domain, dns, failback, caFile, names = {} } = addresses;
  const { speed, regions } = await localState(consoleUrl);
  const primary = domain ? regions.find(({ role }) => role === "primary")?.name : undefined;
  const ca = caFile ? await (await askConsole(consoleUrl, "/ca.pem")).text() : undefined;
  return {
    stack: addresses.stack,
    regions: Object.fromEntries(entries),
    naming: {
      local: { console: consoleUrl, speed, urls: names, ...(ca !== undefined && { ca }) },
      ...(failback && { failback }),
      ...(primary !== undefined && { primary }),
      ...(domain && { domain }),
      ...(dns && { dnsServer: dns }),
    },
    fix: "restart the local cloud from this version: npm start",
  };
}

/** What the running local cloud tells of itself. @throws CommandError when it does not run there. */
export async function localState(consoleUrl: string): Promise<LocalState> {
  return (await ask(consoleUrl, "/state")) as LocalState;
}

async function readAddresses(consoleUrl: string): Promise<LocalAddresses> {
  const answer = (await ask(consoleUrl, "/addresses")) as Partial<LocalAddresses>;
  if (typeof answer.stack !== "string" || typeof answer.regions !== "object")
    throw new CommandError(`The server at ${consoleUrl} is not the console of a local cloud.`);
  return answer as LocalAddresses;
}

/**
 * Asks the local cloud's console.
 * @param consoleUrl such as `http://localhost:4700`.
 * @throws CommandError when no local cloud answers there, or it refuses.
 */
export async function askConsole(
  consoleUrl: string,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  try {
    const signal = AbortSignal.timeout(MAXIMUM_MS);
    const response = await fetch(new URL(path, consoleUrl), { ...init, signal });
    if (!response.ok) throw new Error(`it returned ${response.status} for ${path}`);
    return response;
  } catch (error) {
    const reason = reasonOf((error as Error).cause ?? error);
    throw new CommandError(`No local cloud responds at ${consoleUrl} (${reason}); start it with npm start.`, {
      cause: error,
    });
  }
}

async function ask(consoleUrl: string, path: string): Promise<unknown> {
  const response = await askConsole(consoleUrl, path);
  return response.json().catch((error: Error) => {
    throw new CommandError(`The server at ${consoleUrl} is not the console of a local cloud.`, {
      cause: error,
    });
  });
}
