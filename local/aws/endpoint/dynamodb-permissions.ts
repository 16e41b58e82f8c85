import { arnOf } from "../resource";
import { hashKeyOfQuery } from "./hash-keys";
import type { KeySchemas } from "./hash-keys";
import { notMapped, ServiceError } from "./service-errors";
import {
  jsonBodyOf,
  objectOf,
  stringOf,
  targetOperation,
  type RequiredPermission,
  type PermissionMapper,
  type AwsRequest,
} from "./aws-request";

const TARGET = "DynamoDB_20120810";

/** Request member that contains the key, by operation on one item. */
const KEY_MEMBER: Readonly<Record<string, "Key" | "Item">> = {
  GetItem: "Key",
  PutItem: "Item",
  UpdateItem: "Key",
  DeleteItem: "Key",
};

/** Operations on a whole table, without leading keys. */
const TABLE_OPERATIONS = new Set([
  "CreateTable",
  "DeleteTable",
  "DescribeContinuousBackups",
  "DescribeTable",
  "DescribeTimeToLive",
  "Scan",
  "UpdateContinuousBackups",
  "UpdateTable",
  "UpdateTimeToLive",
]);

/** IAM action by member of a transaction's item. */
const TRANSACTION_ACTIONS: Readonly<Record<string, string>> = {
  Get: "GetItem",
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
};

/**
 * Required permissions of DynamoDB's operations: on the table or index, with the hash keys as `dynamodb:LeadingKeys`.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export class DynamoDBPermissions implements PermissionMapper {
  constructor(private readonly schemas: KeySchemas) {}

  readsBody(): boolean {
    return true;
  }

  async permissionsFor(request: AwsRequest): Promise<readonly RequiredPermission[]> {
    const operation = targetOperation(request, TARGET);
    if (!operation) throw notMapped(`the request with target ${request.headers["x-amz-target"]}`);
    const input = jsonBodyOf(request);
    if (Object.hasOwn(KEY_MEMBER, operation))
      return [await this.onItem(request, operation, input, KEY_MEMBER[operation])];
    if (operation === "Query") return [await this.query(request, input)];
    if (operation === "BatchGetItem" || operation === "BatchWriteItem")
      return this.batch(request, operation, input);
    if (operation === "TransactGetItems" || operation === "TransactWriteItems")
      return this.transaction(request, operation, input);
    if (operation === "ListTables") return [{ action: "dynamodb:ListTables", resource: "*" }];
    if (TABLE_OPERATIONS.has(operation))
      return [{ action: `dynamodb:${operation}`, resource: resourceOf(request, input) }];
    throw notMapped(`dynamodb:${operation}`);
  }

  keyOf(request: AwsRequest, resource: string): Promise<string | undefined> {
    return this.schemas.kmsKeyOf(request, resource.split("/")[1]);
  }

  private async onItem(
    request: AwsRequest,
    action: string,
    input: Record<string, unknown>,
    keyMember: string,
    context: RequiredPermission["context"] = {},
  ): Promise<RequiredPermission> {
    const leading = await this.leadingKey(request, input, input[keyMember]);
    return {
      action: `dynamodb:${action}`,
      resource: resourceOf(request, input),
      context: { ...context, "dynamodb:LeadingKeys": [leading] },
    };
  }

  private async query(request: AwsRequest, input: Record<string, unknown>): Promise<RequiredPermission> {
    const index = input.IndexName === undefined ? undefined : stringOf(input, "IndexName");
    const hashKey = await this.schemas.hashKeyOf(request, tableNameOf(input), index);
    const leading = hashKeyOfQuery(input, hashKey);
    return {
      action: "dynamodb:Query",
      resource: resourceOf(request, input),
      context: { "dynamodb:LeadingKeys": [scalarOf(leading, hashKey)] },
    };
  }

  private async batch(
    request: AwsRequest,
    operation: string,
    input: Record<string, unknown>,
  ): Promise<RequiredPermission[]> {
    const tables = Object.entries(objectOf(input.RequestItems));
    return Promise.all(
      tables.map(async ([TableName, items]) => {
        const keys =
          operation === "BatchGetItem" ? listOf(objectOf(items).Keys) : listOf(items).map(keyOfWrite);
        const leading = keys.map((key) => this.leadingKey(request, { TableName }, key));
        return {
          action: `dynamodb:${operation}`,
          resource: resourceOf(request, { TableName }),
          context: { "dynamodb:LeadingKeys": await Promise.all(leading) },
        };
      }),
    );
  }

  private async transaction(
    request: AwsRequest,
    operation: string,
    input: Record<string, unknown>,
  ): Promise<RequiredPermission[]> {
    const context = { "dynamodb:EnclosingOperation": operation };
    const members = listOf(input.TransactItems).flatMap((item) => Object.entries(objectOf(item)));
    return Promise.all(
      members.map(([member, value]) => {
        if (!Object.hasOwn(TRANSACTION_ACTIONS, member))
          throw notMapped(`${member} in dynamodb:${operation}`);
        return this.onItem(
          request,
          TRANSACTION_ACTIONS[member],
          objectOf(value),
          member === "Put" ? "Item" : "Key",
          context,
        );
      }),
    );
  }

  private async leadingKey(
    request: AwsRequest,
    input: Record<string, unknown>,
    attributes: unknown,
  ): Promise<string> {
    const hashKey = await this.schemas.hashKeyOf(request, tableNameOf(input));
    return scalarOf(objectOf(attributes)[hashKey], hashKey);
  }
}

function keyOfWrite(write: unknown): unknown {
  const { PutRequest: put, DeleteRequest: remove } = objectOf(write);
  return put === undefined ? objectOf(remove).Key : objectOf(put).Item;
}

/** ARN of the table or index of a request, whose TableName is a name or an ARN. */
function resourceOf(request: AwsRequest, input: Record<string, unknown>): string {
  const table = stringOf(input, "TableName");
  const arn = table.startsWith("arn:") ? table : arnOf("dynamodb", request.scope.region, `table/${table}`);
  return input.IndexName === undefined ? arn : `${arn}/index/${stringOf(input, "IndexName")}`;
}

function tableNameOf(input: Record<string, unknown>): string {
  return stringOf(input, "TableName").replace(/^arn:.*?:table\//, "");
}

/** Value of a key attribute as text: `a` for `{"S": "a"}`, `1` for `{"N": "1"}`, the base64 text for `{"B": "…"}`. */
function scalarOf(value: unknown, attribute: string): string {
  const scalar = value === undefined ? undefined : Object.values(objectOf(value))[0];
  if (typeof scalar === "string") return scalar;
  throw new ServiceError(400, "ValidationException", `The key ${attribute} has no value.`);
}

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new ServiceError(400, "SerializationException", `${JSON.stringify(value)} is not a list.`);
}
