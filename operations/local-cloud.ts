import { CannotRun, reasonOf } from "./cannot-run";
import type { FoundRegions, ServiceEndpoints } from "./deployment";

const MAXIMUM_MS = 5000;

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
    readonly lastResult: string;
  }[];
}

/**
 * The regions of the running local cloud.
 * @param consoleUrl such as `http://localhost:4700`.
 * @param stack the stack that it must run; undefined for any.
 * @throws CannotRun when it does not run there, or runs another stack.
 */
export async function localCloudRegions(
  consoleUrl: string,
  stack: string | undefined,
): Promise<FoundRegions> {
  const addresses = await readAddresses(consoleUrl);
  if (stack !== undefined && stack !== addresses.stack)
    throw new CannotRun(`The local cloud at ${consoleUrl} runs the stack ${addresses.stack}, not ${stack}.`);
  const entries = Object.entries(addresses.regions).map(([name, region]) => {
    const { dynamodb, sqs, s3 } = region;
    return [name, { ...region, endpoints: { dynamodb, sqs, s3 } }];
  });
  const { domain, dns, failback, caFile, names = {} } = addresses;
  const { speed, regions } = await localState(consoleUrl);
  const primary = domain ? regions.find(({ role }) => role === "primary")?.name : undefined;
  const ca = caFile ? await (await request(consoleUrl, "/ca.pem")).text() : undefined;
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
    mend: "start the local cloud again from this version: npm start",
  };
}

/** What the running local cloud tells of itself. @throws CannotRun when it does not run there. */
export async function localState(consoleUrl: string): Promise<LocalState> {
  return (await ask(consoleUrl, "/state")) as LocalState;
}

async function readAddresses(consoleUrl: string): Promise<LocalAddresses> {
  const answer = (await ask(consoleUrl, "/addresses")) as Partial<LocalAddresses>;
  if (typeof answer.stack !== "string" || typeof answer.regions !== "object")
    throw new CannotRun(`What answers at ${consoleUrl} is not the local cloud's console.`);
  return answer as LocalAddresses;
}

async function ask(consoleUrl: string, path: string): Promise<unknown> {
  try {
    return await (await request(consoleUrl, path)).json();
  } catch (error) {
    const reason = reasonOf((error as Error).cause ?? error);
    throw new CannotRun(`No local cloud answers at ${consoleUrl} (${reason}); start it with npm start.`, {
      cause: error,
    });
  }
}

async function request(consoleUrl: string, path: string): Promise<Response> {
  const response = await fetch(new URL(path, consoleUrl), { signal: AbortSignal.timeout(MAXIMUM_MS) });
  if (!response.ok) throw new Error(`it answered ${response.status}`);
  return response;
}
