import assert from "node:assert/strict";
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { allow, denied, get, TABLE, useGuardedDynamoDB } from "../../support/guarded-dynamodb";

describe("A condition on dynamodb:LeadingKeys at the AWS endpoint", () => {
  const { clientWith } = useGuardedDynamoDB();

  const RESERVED = "routing-eu-west-1";
  const key = (id: string): { id: { S: string } } => ({ id: { S: id } });
  const on = (id: string): { TableName: string; Key: { id: { S: string } } } => ({
    TableName: "tickets",
    Key: key(id),
  });
  const withExpression = (
    id: string,
  ): { TableName: string; Key: { id: { S: string } }; ConditionExpression: string } => ({
    ...on(id),
    ConditionExpression: "attribute_exists(id)",
  });
  const put = (id: string): { TableName: string; Item: { id: { S: string } } } => ({
    TableName: "tickets",
    Item: key(id),
  });
  const calls: Record<string, (client: DynamoDBClient, ...ids: string[]) => Promise<unknown>> = {
    GetItem: (client, id) => client.send(new GetItemCommand(on(id))),
    PutItem: (client, id) => client.send(new PutItemCommand(put(id))),
    UpdateItem: (client, id) => client.send(new UpdateItemCommand(on(id))),
    DeleteItem: (client, id) => client.send(new DeleteItemCommand(on(id))),
    Query: (client, id) =>
      client.send(
        new QueryCommand({
          TableName: "tickets",
          KeyConditionExpression: "id = :id",
          ExpressionAttributeValues: { ":id": { S: id } },
        }),
      ),
    BatchGetItem: (client, ...ids) =>
      client.send(new BatchGetItemCommand({ RequestItems: { tickets: { Keys: ids.map(key) } } })),
    "BatchWriteItem of puts": (client, ...ids) =>
      client.send(
        new BatchWriteItemCommand({
          RequestItems: { tickets: ids.map((id) => ({ PutRequest: { Item: key(id) } })) },
        }),
      ),
    "BatchWriteItem of deletes": (client, ...ids) =>
      client.send(
        new BatchWriteItemCommand({
          RequestItems: { tickets: ids.map((id) => ({ DeleteRequest: { Key: key(id) } })) },
        }),
      ),
    TransactGetItems: (client, ...ids) =>
      client.send(new TransactGetItemsCommand({ TransactItems: ids.map((id) => ({ Get: on(id) })) })),
    "TransactWriteItems of puts": (client, ...ids) =>
      client.send(new TransactWriteItemsCommand({ TransactItems: ids.map((id) => ({ Put: put(id) })) })),
    "TransactWriteItems of updates": (client, ...ids) =>
      client.send(
        new TransactWriteItemsCommand({
          TransactItems: ids.map((id) => ({ Update: { ...on(id), UpdateExpression: "SET a = id" } })),
        }),
      ),
    "TransactWriteItems of deletes": (client, ...ids) =>
      client.send(new TransactWriteItemsCommand({ TransactItems: ids.map((id) => ({ Delete: on(id) })) })),
    "TransactWriteItems of checks": (client, ...ids) =>
      client.send(
        new TransactWriteItemsCommand({
          TransactItems: ids.map((id) => ({ ConditionCheck: withExpression(id) })),
        }),
      ),
  };
  const denyReserved = {
    Effect: "Deny",
    Action: "dynamodb:*",
    Resource: TABLE,
    Condition: { "ForAnyValue:StringLike": { "dynamodb:LeadingKeys": ["*-*"] } },
  };
  for (const [operation, call] of Object.entries(calls))
    it(`denies ${operation} with a denied key, alone or with others, and allows all other keys`, async () => {
      const client = await clientWith(allow("dynamodb:*"), denyReserved);
      const isMany = /Batch|Transact/.test(operation);
      await call(client, "01A", ...(isMany ? ["01B"] : []));
      await assert.rejects(call(client, RESERVED), denied(/explicit deny/));
      if (!isMany) return;
      await assert.rejects(call(client, "01A", RESERVED), denied(/explicit deny/));
      await assert.rejects(call(client, RESERVED, "01A"), denied(/explicit deny/));
    });

  it("does not deny a request without a leading key, as on AWS", async () => {
    const client = await clientWith(allow("dynamodb:*"), denyReserved);
    await client.send(new ScanCommand({ TableName: "tickets" }));
  });

  it("allows a request without leading keys with ForAllValues, as on AWS", async () => {
    const only = { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [RESERVED] } };
    const scan = new ScanCommand({ TableName: "tickets" });
    const client = await clientWith(allow("dynamodb:*", TABLE, only));
    await client.send(scan);
  });

  it("denies a request without a leading key if an Allow also has Null", async () => {
    const only = {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [RESERVED] },
      Null: { "dynamodb:LeadingKeys": "false" },
    };
    const client = await clientWith(allow("dynamodb:*", TABLE, only));
    await client.send(get(RESERVED));
    const noKeys = { RequestItems: { tickets: { Keys: [] } } };
    for (const answer of [
      client.send(new ScanCommand({ TableName: "tickets" })),
      client.send(new DescribeTableCommand({ TableName: "tickets" })),
      client.send(new BatchGetItemCommand(noKeys)),
    ])
      await assert.rejects(answer, denied(/no identity-based policy/));
  });

  it("allows only the exceptions of the replicator's policy", async () => {
    const except = { "ForAnyValue:StringNotEquals": { "dynamodb:LeadingKeys": ["heartbeat-eu-west-1"] } };
    const client = await clientWith(allow("dynamodb:*"), {
      ...denyReserved,
      Condition: { ...denyReserved.Condition, ...except },
    });
    await client.send(new PutItemCommand(put("heartbeat-eu-west-1")));
    await client.send(new PutItemCommand(put("01A")));
    for (const id of ["heartbeat-ap-southeast-1", RESERVED, "heartbeat-eu-west-1-"])
      await assert.rejects(client.send(new PutItemCommand(put(id))), denied(/explicit deny/));
    await assert.rejects(
      calls["BatchWriteItem of puts"](client, "heartbeat-eu-west-1", RESERVED),
      denied(/explicit deny/),
    );
  });
});
