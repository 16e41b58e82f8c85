import assert from "node:assert/strict";
import type { Json } from "../../../../local/aws/dynamodb/item";
import { DynamoDBFixture, IRELAND } from "./dynamodb-fixture";

/** Key of the item that most tests write. */
export const KEY = { id: { S: "item" }, sort: { S: "s" } };

/**
 * Table with a sort key and an index, called without an SDK, which would omit unknown fields. The expected responses
 * were compared with AWS's own DynamoDB Local.
 */
export class RawTable {
  private constructor(private readonly fixture: DynamoDBFixture) {}

  static async start(): Promise<RawTable> {
    const fixture = await DynamoDBFixture.start();
    await fixture.createTable({
      name: "raw",
      attributes: ["id", "sort", "group", "order"].map((name) => ({ name, type: "S" })),
      hashKey: "id",
      rangeKey: "sort",
      billingMode: "PAY_PER_REQUEST",
      globalSecondaryIndexes: [
        { name: "byGroup", hashKey: "group", rangeKey: "order", projectionType: "ALL" },
      ],
    });
    return new RawTable(fixture);
  }

  close(): Promise<void> {
    return this.fixture.close();
  }

  /** Runs an operation on the table. @throws AssertionError with the service's message if it is rejected. */
  async call(operation: string, request: Json): Promise<Json> {
    const { status, body } = await this.send(operation, { TableName: "raw", ...request });
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  /** Returns the message of the ValidationException of a rejected operation. */
  async rejection(operation: string, request: Json): Promise<string> {
    const { status, body } = await this.send(operation, { TableName: "raw", ...request });
    assert.equal(status, 400, "it was accepted");
    assert.match(String(body.__type), /#ValidationException$/);
    return String(body.message ?? body.Message);
  }

  put(attributes: Json): Promise<Json> {
    return this.call("PutItem", { Item: { ...KEY, ...attributes } });
  }

  putRejection(attributes: Json): Promise<string> {
    return this.rejection("PutItem", { Item: { ...KEY, ...attributes } });
  }

  async get(Key: Json = KEY): Promise<Json> {
    return (await this.call("GetItem", { Key, ConsistentRead: true })).Item as Json;
  }

  /** Returns whether the item passes a filter. */
  async matches(FilterExpression: string, values?: Json, names?: Json): Promise<boolean> {
    const ExpressionAttributeValues = { ":item": KEY.id, ...values };
    const query = { KeyConditionExpression: "id = :item", ExpressionAttributeValues, FilterExpression };
    return (
      (await this.call("Query", { ...query, ...(names && { ExpressionAttributeNames: names }) })).Count === 1
    );
  }

  private async send(operation: string, request: Json): Promise<{ status: number; body: Json }> {
    const response = await fetch(this.fixture.service.endpoint(IRELAND), {
      method: "POST",
      headers: {
        "x-amz-target": `DynamoDB_20120810.${operation}`,
        "content-type": "application/x-amz-json-1.0",
      },
      body: JSON.stringify(request),
    });
    return { status: response.status, body: (await response.json()) as Json };
  }
}
