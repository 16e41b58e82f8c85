import { apiHandler, ApiHandler, ApiResponse, Operation } from "../http/api";
import { dynamoDB } from "../shared/aws";
import { environmentVariable } from "../shared/environment";
import { canaryId } from "../shared/reserved-items";
import { isWritten } from "../shared/conditional-write";

/** The region's own canary item. Both methods reject on a failure. */
export interface Canary {
  read(): Promise<void>;
  /** Writes the time of the check, in milliseconds since 1970, unless a later one is stored. */
  write(now: number): Promise<void>;
}

/** Result of a check, with its duration in milliseconds. */
interface Check {
  readonly ok: boolean;
  readonly milliseconds: number;
  /** Reason of the failure. */
  readonly reason?: string;
}

/** Timeout of both checks together, in milliseconds. Route 53 waits two seconds for a response. */
const MAXIMUM_MS = 1000;
/** Cache time of a response, in milliseconds, so that many health checkers cause few reads and writes. */
const CACHE_MS = 1000;

/**
 * Operation `GET /health`. Returns 200 if the region's table accepts a read and a conditional write within a second, and otherwise
 * 503 with the reason. The body starts with the search string of the Route 53 health check, `{"ok":true,"region":"<code>"`.
 */
export function healthOperation(context: { canary: Canary; region: string; now: () => number }): Operation {
  let cached: { until: number; response: Promise<ApiResponse> } | undefined;
  return () => {
    const now = context.now();
    if (!cached || cached.until <= now) cached = { until: now + CACHE_MS, response: check(context) };
    return cached.response;
  };
}

async function check({
  canary,
  region,
  now,
}: {
  canary: Canary;
  region: string;
  now: () => number;
}): Promise<ApiResponse> {
  const [read, write] = await Promise.all([timed(() => canary.read()), timed(() => canary.write(now()))]);
  const ok = read.ok && write.ok;
  const checkedAt = new Date(now()).toISOString();
  return { status: ok ? 200 : 503, body: { ok, region, checks: { read, write }, checkedAt } };
}

async function timed(action: () => Promise<void>): Promise<Check> {
  const start = Date.now();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No response within ${MAXIMUM_MS} ms`)), MAXIMUM_MS);
  });
  try {
    await Promise.race([action(), limit]);
    return { ok: true, milliseconds: Date.now() - start };
  } catch (error) {
    const { name, message } = error as Error;
    return { ok: false, milliseconds: Date.now() - start, reason: name === "Error" ? message : name };
  } finally {
    clearTimeout(timer);
  }
}

/** Returns the canary item in the table that the function's environment names. */
function tableCanary(region: string): Canary {
  const limits = { connectionTimeout: MAXIMUM_MS, requestTimeout: MAXIMUM_MS, maxAttempts: 1 };
  const { commands, client } = dynamoDB(region, limits);
  const TableName = environmentVariable("TABLE_NAME");
  const id = canaryId(region);
  return {
    async read() {
      await client.send(
        new commands.GetItemCommand({ TableName, Key: { id: { S: id } }, ConsistentRead: true }),
      );
    },
    async write(now) {
      const ConditionExpression = "attribute_not_exists(id) OR checkedAt <= :now";
      const checkedAt = { N: String(now) };
      const ExpressionAttributeValues = { ":now": checkedAt };
      const Item = { id: { S: id }, checkedAt };
      await isWritten(
        client.send(
          new commands.PutItemCommand({ TableName, Item, ConditionExpression, ExpressionAttributeValues }),
        ),
      );
    },
  };
}

/** Callback factory of `GET /health`. */
export function checkHealth(): ApiHandler {
  const region = environmentVariable("AWS_REGION");
  return apiHandler(
    "checkHealth",
    healthOperation({ canary: tableCanary(region), region, now: () => Date.now() }),
  );
}
