import { isSameStack } from "../../command-line/stack-name";
import { CommandError, reasonOf } from "../../command-line/command-error";
import type { FoundRegions, ServiceEndpoints } from "./deployed-regions";

/** Timeout of a console request: the machine runs two regions and can be busy. */
const MAXIMUM_MS = 10_000;

/** Used fields of the console route `/addresses`. */
interface LocalAddresses {
  readonly stack: string;
  readonly regions: Readonly<Record<string, ServiceEndpoints>>;
  /** Null without a domain, like the next three fields. */
  readonly domain?: string | null;
  readonly dns?: string | null;
  readonly failback?: "gated" | "automatic" | null;
  readonly caFile?: string | null;
  readonly names?: Readonly<Record<string, string>>;
  /** URLs of the local gateway by the name that each one stands for. */
  readonly frontDoor?: Readonly<Record<string, string>>;
}

/** Used fields of the console route `/state`. */
export interface LocalState {
  readonly speed: number;
  /** Age of the counts of messages that SQS returns, in seconds. */
  readonly queueCountLagSeconds: number;
  readonly regions: readonly { readonly name: string; readonly role: string }[];
  /** By source region: age of the oldest record of its stream that is not processed, in milliseconds. */
  readonly replication: readonly { readonly from: string; readonly lagMs: number }[];
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
 * Returns the regions of the running local cloud.
 * @param consoleUrl such as `http://localhost:4700`.
 * @param stack expected stack; undefined for any.
 * @throws CommandError if no local cloud runs there, or it runs another stack.
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
  const { domain, dns, failback, caFile, names = {}, frontDoor = {} } = addresses;
  // The other name of the gateway is that of the API.
  const [, appUrl] = Object.entries(frontDoor).find(([name]) => name !== `api.${domain}`) ?? [];
  const { speed, queueCountLagSeconds, regions } = await localState(consoleUrl);
  const primary = domain ? regions.find(({ role }) => role === "primary")?.name : undefined;
  const ca = caFile ? await (await askConsole(consoleUrl, "/ca.pem")).text() : undefined;
  return {
    stack: addresses.stack,
    regions: Object.fromEntries(entries),
    naming: {
      local: {
        console: consoleUrl,
        speed,
        queueCountLagSeconds,
        urls: names,
        ...(ca !== undefined && { ca }),
      },
      ...(appUrl !== undefined && { appUrl }),
      ...(failback && { failback }),
      ...(primary !== undefined && { primary }),
      ...(domain && { domain }),
      ...(dns && { dnsServer: dns }),
    },
    fix: "restart the local cloud from this version: npm start",
  };
}

/** Returns the state of the running local cloud. @throws CommandError if no local cloud runs there. */
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
 * Sends a request to the console of the local cloud.
 * @param consoleUrl such as `http://localhost:4700`.
 * @param maximumMs timeout in milliseconds.
 * @throws CommandError if no local cloud responds, or it returns an error.
 */
export async function askConsole(
  consoleUrl: string,
  path: string,
  init: RequestInit = {},
  maximumMs = MAXIMUM_MS,
): Promise<Response> {
  try {
    const signal = AbortSignal.timeout(maximumMs);
    const response = await fetch(new URL(path, consoleUrl), { ...init, signal });
    if (!response.ok) throw new Error(`it returned ${response.status} for ${path}`);
    return response;
  } catch (error) {
    const reason = reasonOf((error as Error).cause ?? error);
    throw new CommandError(
      `No local cloud responds at ${consoleUrl} (${reason}); start it with npm start, or specify its console with --local=URL.`,
      {
        cause: error,
      },
    );
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
