import assert from "node:assert/strict";
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DescribeTableCommand,
  ExecuteStatementCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { FakeService } from "../../support/fake-service";
import { allow, denied, get, TABLE, useGuardedDynamoDB } from "../../support/guarded-dynamodb";

describe("DynamoDB calls through the AWS endpoint", () => {
  const { dynamodb, clientWith, open } = useGuardedDynamoDB();

  it("forwards an allowed call, with body and response unchanged", async () => {
    const client = await clientWith(allow("dynamodb:GetItem"));
    assert.equal((await client.send(get("a"))).$metadata.httpStatusCode, 200);
    assert.deepEqual(dynamodb.requests.at(-1)?.input, { TableName: "tickets", Key: { id: { S: "a" } } });
  });

  it("uses the in-process handler if there is one, and only for allowed calls", async () => {
    const bodies: unknown[] = [];
    open().endpoint.register("dynamodb", "eu-west-1", dynamodb.url, (_request, response, body) => {
      bodies.push(JSON.parse(body.toString()));
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end("{}");
    });
    const client = await clientWith(allow("dynamodb:GetItem"));
    await client.send(get("a"));
    await assert.rejects(client.send(new ScanCommand({ TableName: "tickets" })), denied(/dynamodb:Scan/));
    assert.deepEqual(bodies, [{ TableName: "tickets", Key: { id: { S: "a" } } }]);
    assert.ok(dynamodb.requests.every(({ operation }) => operation === "DescribeTable"));
  });

  it("denies a call that no policy allows, logs role, action and resource, and does not forward it", async () => {
    const client = await clientWith(allow("dynamodb:GetItem"));
    const scan = new ScanCommand({ TableName: "tickets" });
    await assert.rejects(
      client.send(scan),
      denied(/role\/worker is not authorized to perform: dynamodb:Scan on resource: .*table\/tickets/),
    );
    assert.deepEqual(dynamodb.operations(), []);
    assert.match(open().logged.join(), /^iam: .*dynamodb:Scan/);
  });

  it("evaluates a condition on the leading key for items and queries", async () => {
    const client = await clientWith(
      allow(["dynamodb:PutItem", "dynamodb:Query"], TABLE, {
        "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["canary#*"] },
      }),
    );
    const put = (id: string) => new PutItemCommand({ TableName: "tickets", Item: { id: { S: id } } });
    const query = (id: string) =>
      new QueryCommand({
        TableName: "tickets",
        KeyConditionExpression: "#k = :k",
        ExpressionAttributeNames: { "#k": "id" },
        ExpressionAttributeValues: { ":k": { S: id } },
      });
    await client.send(put("canary#eu-west-1"));
    await client.send(query("canary#eu-west-1"));
    await assert.rejects(client.send(put("01HTICKET")), denied(/dynamodb:PutItem/));
    await assert.rejects(client.send(query("01HTICKET")), denied(/dynamodb:Query/));
    assert.deepEqual(dynamodb.operations(), ["PutItem", "Query"]);
  });

  it("describes a table only once for simultaneous requests", async () => {
    const client = await clientWith(allow("dynamodb:*"));
    await Promise.all(["1", "2", "3"].map((id) => client.send(get(id))));
    assert.equal(dynamodb.requests.filter(({ operation }) => operation === "DescribeTable").length, 1);
  });

  it("checks a query of an index with the index's ARN and hash key", async () => {
    const onIndex = allow("dynamodb:Query", `${TABLE}/index/byStatus`, {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["open"] },
    });
    const client = await clientWith(onIndex);
    const query = (status: string, IndexName: string | undefined = "byStatus") =>
      new QueryCommand({
        TableName: "tickets",
        IndexName,
        KeyConditionExpression: "#s = :s AND createdAt >= :from",
        ExpressionAttributeNames: { "#s": "status" },
        ExpressionAttributeValues: { ":s": { S: status }, ":from": { S: "2025" } },
      });
    await client.send(query("open"));
    await assert.rejects(client.send(query("closed")), denied(/index\/byStatus/));
    await assert.rejects(client.send(query("open", "byNothing")), { name: "ValidationException" });
  });

  it("knows an index as soon as it is created", async () => {
    const indexes: object[] = [];
    const keyOf = (AttributeName: string) => [{ AttributeName, KeyType: "HASH" }];
    const growing = new FakeService(({ operation }) =>
      operation === "DescribeTable"
        ? { Table: { KeySchema: keyOf("id"), GlobalSecondaryIndexes: indexes } }
        : {},
    );
    await growing.start();
    try {
      open().endpoint.register("dynamodb", "eu-west-1", growing.url);
      const client = await clientWith(allow("dynamodb:Query", `${TABLE}/index/*`));
      const query = new QueryCommand({
        TableName: "tickets",
        IndexName: "byTitle",
        KeyConditionExpression: "title = :t",
        ExpressionAttributeValues: { ":t": { S: "x" } },
      });
      await assert.rejects(client.send(query), { name: "ValidationException", message: /byTitle/ });
      indexes.push({ IndexName: "byTitle", KeySchema: keyOf("title") });
      await client.send(query);
    } finally {
      await growing.close();
    }
  });

  it("rejects a query without an equality on the hash key, as DynamoDB does", async () => {
    const client = await clientWith(allow("dynamodb:Query"));
    const query = new QueryCommand({
      TableName: "tickets",
      KeyConditionExpression: "id >= :k",
      ExpressionAttributeValues: { ":k": { S: "1" } },
    });
    await assert.rejects(client.send(query), { name: "ValidationException" });
    assert.deepEqual(dynamodb.operations(), []);
  });

  it("requires BatchGetItem and BatchWriteItem on every table of a batch, with all leading keys", async () => {
    const onlyCanary = { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["canary"] } };
    const client = await clientWith(
      allow(["dynamodb:BatchWriteItem", "dynamodb:BatchGetItem"], TABLE, onlyCanary),
    );
    const write = (...ids: string[]) =>
      new BatchWriteItemCommand({
        RequestItems: { tickets: ids.map((id) => ({ PutRequest: { Item: { id: { S: id } } } })) },
      });
    const read = (...ids: string[]) =>
      new BatchGetItemCommand({ RequestItems: { tickets: { Keys: ids.map((id) => ({ id: { S: id } })) } } });
    await client.send(write("canary"));
    await client.send(read("canary"));
    await assert.rejects(client.send(write("canary", "other")), denied(/BatchWriteItem/));
    await assert.rejects(client.send(read("other", "canary")), denied(/BatchGetItem/));
  });

  it("requires the action of each member of a transaction", async () => {
    const client = await clientWith(allow(["dynamodb:PutItem", "dynamodb:ConditionCheckItem"]));
    const Put = { TableName: "tickets", Item: { id: { S: "1" } } };
    const Delete = { TableName: "tickets", Key: { id: { S: "2" } } };
    const ConditionCheck = { ...Delete, ConditionExpression: "attribute_exists(id)" };
    await client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }, { ConditionCheck }] }));
    const withDelete = new TransactWriteItemsCommand({ TransactItems: [{ Put }, { Delete }] });
    await assert.rejects(client.send(withDelete), denied(/dynamodb:DeleteItem/));
  });

  it("rejects a call without items", async () => {
    const client = await clientWith();
    const empty = new BatchWriteItemCommand({ RequestItems: {} });
    await assert.rejects(client.send(empty), { name: "ValidationException" });
    assert.deepEqual(dynamodb.requests, []);
  });

  it("denies an operation that it cannot check, even to a role that allows everything", async () => {
    const client = await clientWith(allow("*", "*"));
    const statement = new ExecuteStatementCommand({ Statement: "SELECT * FROM tickets" });
    await assert.rejects(client.send(statement), denied(/cannot check .*dynamodb:ExecuteStatement/));
    assert.deepEqual(dynamodb.operations(), []);
  });

  it("denies a call if a condition cannot be evaluated, and names the condition", async () => {
    const client = await clientWith(
      allow("*", "*", { StringEquals: { "aws:PrincipalTag/team": "support" } }),
    );
    await assert.rejects(client.send(get()), denied(/cannot be evaluated.*aws:PrincipalTag\/team/));
  });

  it("returns the service's error for a table that does not exist", async () => {
    const client = await clientWith(allow("*", "*"));
    const other = new GetItemCommand({ TableName: "others", Key: { id: { S: "1" } } });
    await assert.rejects(client.send(other), { name: "ResourceNotFoundException" });
  });

  it("accepts a table's ARN instead of its name", async () => {
    const client = await clientWith(allow("dynamodb:DescribeTable"));
    await client.send(new DescribeTableCommand({ TableName: TABLE }));
    const elsewhere = TABLE.replace("eu-west-1", "eu-west-2");
    await assert.rejects(
      client.send(new DescribeTableCommand({ TableName: elsewhere })),
      denied(/eu-west-2/),
    );
  });
});
