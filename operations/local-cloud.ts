import { CannotRun, reasonOf } from "./cannot-run";
import type { FoundRegions, ServiceEndpoints } from "./deployment";

const MAXIMUM_MS = 5000;

/** What is used of the local cloud's addresses. */
interface LocalAddresses {
  readonly stack: string;
  readonly regions: Readonly<Record<string, ServiceEndpoints>>;
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
  return {
    stack: addresses.stack,
    regions: Object.fromEntries(entries),
    mend: "start the local cloud again from this version: npm start",
  };
}

async function readAddresses(consoleUrl: string): Promise<LocalAddresses> {
  let answer: Partial<LocalAddresses>;
  try {
    const response = await fetch(new URL("/addresses", consoleUrl), {
      signal: AbortSignal.timeout(MAXIMUM_MS),
    });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    answer = (await response.json()) as Partial<LocalAddresses>;
  } catch (error) {
    const reason = reasonOf((error as Error).cause ?? error);
    throw new CannotRun(`No local cloud answers at ${consoleUrl} (${reason}); start it with npm start.`, {
      cause: error,
    });
  }
  if (typeof answer.stack !== "string" || typeof answer.regions !== "object")
    throw new CannotRun(`What answers at ${consoleUrl} is not the local cloud's console.`);
  return answer as LocalAddresses;
}
