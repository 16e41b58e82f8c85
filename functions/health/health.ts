import { apiHandler, ApiHandler, ApiResponse, Operation } from "../http/api";
import { dynamoDB } from "../shared/aws";
import { environmentVariable } from "../shared/environment";
import { canaryId } from "../shared/reserved-items";
import { isWritten } from "../shared/conditional-write";

/** What a health check does to the region's own canary item; each rejects when it cannot. */
export interface Canary {
  read(): Promise<void>;
  /** Writes the time of the check, in milliseconds since 1970, unless a later check was there before. */
  write(now: number): Promise<void>;
}

/** A check and its time in milliseconds. */
interface Check {
  readonly ok: boolean;
  readonly milliseconds: number;
  /** What went wrong. */
  readonly reason?: string;
}

/** Both checks together may take this long, in milliseconds: Route 53 gives an endpoint two seconds. */
const MAXIMUM_MS = 1000;
/** An answer is given again for this long, in milliseconds, so that many checkers cost few reads and writes. */
const CACHE_MS = 1000;

/**
 * `GET /health`: 200 when the region's table takes a read and a conditional write within a second, else 503 with the
 * reason. The body begins with what the Route 53 health check searches for, `{"ok":true,"region":"<code>"`.
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
    timer = setTimeout(() => reject(new Error(`No answer within ${MAXIMUM_MS} ms`)), MAXIMUM_MS);
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

/** The canary item in the table that the function's environment names. */
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

/** The callback factory of `GET /health`. */
export function checkHealth(): ApiHandler {
  const region = environmentVariable("AWS_REGION");
  return apiHandler(
    "checkHealth",
    healthOperation({ canary: tableCanary(region), region, now: () => Date.now() }),
  );
}
