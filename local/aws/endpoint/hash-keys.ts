import { post } from "./forward";
import { ServiceError, type AwsRequest } from "./aws-request";

interface Keyed {
  readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
}
interface Table extends Keyed {
  readonly GlobalSecondaryIndexes?: readonly (Keyed & { readonly IndexName: string })[];
  readonly LocalSecondaryIndexes?: readonly (Keyed & { readonly IndexName: string })[];
}

/** Names of hash keys, asked of the region's DynamoDB once per table. */
export class KeySchemas {
  private readonly tables = new Map<string, Promise<Table>>();

  /** @param upstreamOf base URL of a region's DynamoDB. */
  constructor(private readonly upstreamOf: (region: string) => string) {}

  /**
   * The hash key's attribute of a table, or of one of its indexes.
   * @param request a call on the table; its signature's header is reused to ask.
   * @throws ServiceError as the service gave it when there is no such table; ValidationException for an unknown index.
   */
  async hashKeyOf(request: AwsRequest, tableName: string, indexName?: string): Promise<string> {
    const table = await this.describe(request, tableName);
    const indexes = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])];
    const keyed = indexName === undefined ? table : indexes.find((index) => index.IndexName === indexName);
    const key = keyed?.KeySchema.find(({ KeyType }) => KeyType === "HASH");
    if (key) return key.AttributeName;
    throw new ServiceError(
      400,
      "ValidationException",
      `The table ${tableName} does not have the specified index: ${indexName}`,
    );
  }

  private describe(request: AwsRequest, tableName: string): Promise<Table> {
    const key = `${request.scope.region}/${tableName}`;
    const known = this.tables.get(key);
    if (known) return known;
    const asked = this.ask(request, tableName);
    this.tables.set(key, asked);
    // A table that does not exist yet may exist at the next call.
    asked.catch(() => this.tables.delete(key));
    return asked;
  }

  private async ask(request: AwsRequest, tableName: string): Promise<Table> {
    const { status, body } = await post(this.upstreamOf(request.scope.region), {
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "DynamoDB_20120810.DescribeTable",
        authorization: request.headers.authorization,
      },
      body: JSON.stringify({ TableName: tableName }),
    });
    const answer = JSON.parse(body.toString("utf8")) as {
      Table?: Table;
      __type?: string;
      message?: string;
      Message?: string;
    };
    if (status === 200 && answer.Table) return answer.Table;
    const code = (answer.__type ?? "InternalServerError").replace(/^.*#/, "");
    throw new ServiceError(status, code, answer.message ?? answer.Message ?? "DescribeTable failed.");
  }
}
