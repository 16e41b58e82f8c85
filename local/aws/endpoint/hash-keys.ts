import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import { ServiceError } from "./service-errors";
import { objectOf, readAll, type AwsRequest } from "./aws-request";

interface WithKeySchema {
  readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
}
interface Table extends WithKeySchema {
  readonly SSEDescription?: { readonly KMSMasterKeyArn?: string };
  readonly GlobalSecondaryIndexes?: readonly (WithKeySchema & { readonly IndexName: string })[];
  readonly LocalSecondaryIndexes?: readonly (WithKeySchema & { readonly IndexName: string })[];
}

/** Age of a description after which it is replaced, in milliseconds. A table may be replaced by one with other keys. */
const REFRESH_AFTER_MS = 1000;
/** Age up to which a description is used while its replacement is read, in milliseconds. */
const MAXIMUM_AGE_MS = 10_000;

interface Description {
  readonly table: Promise<Table>;
  /** Time at which it was requested, in milliseconds since 1970. */
  readonly at: number;
  /** Whether a newer one is being read. */
  refreshing: boolean;
}

/**
 * Cache of the key schemas and the KMS keys of tables. Each table is described at most once per second and region. Calls wait only for the
 * first description: on a busy machine, one takes a considerable part of the second for which it is new.
 */
export class KeySchemas {
  private readonly tables = new Map<string, Description>();

  /** @param upstreamOf returns the base URL of a region's DynamoDB. */
  constructor(private readonly upstreamOf: (region: string) => string) {}

  /**
   * Returns the hash key attribute of a table, or of one of its indexes.
   * @param request call on the table; its Authorization header is reused for DescribeTable.
   * @throws ServiceError the service's error if the table does not exist; ValidationException for an unknown index.
   */
  async hashKeyOf(request: AwsRequest, tableName: string, indexName?: string): Promise<string> {
    const known = withSchema(await this.describe(request, tableName), indexName);
    // The index may be new.
    const found = known ?? withSchema(await this.describe(request, tableName, true), indexName);
    const key = found?.KeySchema.find(({ KeyType }) => KeyType === "HASH");
    if (key) return key.AttributeName;
    throw new ServiceError(
      400,
      "ValidationException",
      `The table ${tableName} does not have the specified index: ${indexName}`,
    );
  }

  /** Returns the ARN of the customer managed key that encrypts a table; undefined without one. */
  async kmsKeyOf(request: AwsRequest, tableName: string): Promise<string | undefined> {
    return (await this.describe(request, tableName)).SSEDescription?.KMSMasterKeyArn;
  }

  private describe(request: AwsRequest, tableName: string, again = false): Promise<Table> {
    const key = `${request.scope.region}/${tableName}`;
    const cached = this.tables.get(key);
    const age = cached ? Date.now() - cached.at : Infinity;
    if (cached && !again && age < MAXIMUM_AGE_MS) {
      if (age >= REFRESH_AFTER_MS && !cached.refreshing) {
        cached.refreshing = true;
        const next = this.requested(request, tableName);
        next.table.then(
          () => this.tables.set(key, next),
          () => this.tables.delete(key),
        );
      }
      return cached.table;
    }
    const description = this.requested(request, tableName);
    this.tables.set(key, description);
    // Errors are not cached: the table may exist at the next call.
    description.table.catch(() => this.tables.delete(key));
    return description.table;
  }

  private requested(request: AwsRequest, tableName: string): Description {
    return { table: this.describeTable(request, tableName), at: Date.now(), refreshing: false };
  }

  private async describeTable(request: AwsRequest, tableName: string): Promise<Table> {
    const { status, body } = await post(this.upstreamOf(request.scope.region), {
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "DynamoDB_20120810.DescribeTable",
        authorization: request.headers.authorization,
      },
      body: JSON.stringify({ TableName: tableName }),
    });
    const output = JSON.parse(body.toString("utf8")) as {
      Table?: Table;
      __type?: string;
      message?: string;
      Message?: string;
    };
    if (status === 200 && output.Table) return output.Table;
    const code = (output.__type ?? "InternalServerError").replace(/^.*#/, "");
    throw new ServiceError(status, code, output.message ?? output.Message ?? "DescribeTable failed.");
  }
}

function withSchema(table: Table, indexName: string | undefined): WithKeySchema | undefined {
  if (indexName === undefined) return table;
  const indexes = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])];
  return indexes.find(({ IndexName }) => IndexName === indexName);
}

/**
 * Sends a request of the endpoint itself to a service.
 * @throws NetworkError if the service is unreachable or closes the connection.
 */
async function post(
  url: string,
  options: { readonly headers: OutgoingHttpHeaders; readonly body: string },
): Promise<{ status: number; body: Buffer }> {
  const { headers, body } = options;
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      // No agent: the global one may use a proxy that the environment names.
      httpRequest(url, { method: "POST", headers, agent: false }, resolve).on("error", reject).end(body);
    });
    return { status: response.statusCode as number, body: await readAll(response) };
  } catch (error) {
    throw new NetworkError(`${url} does not respond: ${(error as Error).message}`, { cause: error });
  }
}

/** Error for a service behind the endpoint that is unreachable. */
export class NetworkError extends Error {}

/**
 * Returns the value of the hash key in the key condition of a Query, in DynamoDB JSON.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
 * @throws ServiceError ValidationException if the condition has no equality on the hash key, which DynamoDB requires.
 */
export function hashKeyOfQuery(input: Readonly<Record<string, unknown>>, hashKey: string): unknown {
  const value =
    input.KeyConditions === undefined ? fromExpression(input, hashKey) : fromKeyConditions(input, hashKey);
  if (value !== undefined) return value;
  throw new ServiceError(
    400,
    "ValidationException",
    `Query condition missed key schema element: ${hashKey}; add "${hashKey} = :value".`,
  );
}

function fromExpression(input: Readonly<Record<string, unknown>>, hashKey: string): unknown {
  const names = objectOf(input.ExpressionAttributeNames ?? {});
  const values = objectOf(input.ExpressionAttributeValues ?? {});
  const equalities = String(input.KeyConditionExpression ?? "").matchAll(/(#?\w+)\s*=\s*(:\w+)/g);
  for (const [, name, placeholder] of equalities)
    if ((names[name] ?? name) === hashKey) return values[placeholder];
  return undefined;
}

/** Reads the legacy parameter KeyConditions. */
function fromKeyConditions(input: Readonly<Record<string, unknown>>, hashKey: string): unknown {
  const condition = objectOf(objectOf(input.KeyConditions)[hashKey] ?? {});
  return condition.ComparisonOperator === "EQ" && Array.isArray(condition.AttributeValueList)
    ? condition.AttributeValueList[0]
    : undefined;
}
