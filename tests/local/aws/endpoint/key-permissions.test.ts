import assert from "node:assert/strict";
import {
  BatchGetItemCommand,
  DescribeTableCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { credentialsWith } from "../../support/function-roles";
import { emptyTicketTable, FakeService } from "../../support/fake-service";
import { allow, denied, get } from "../../support/guarded-dynamodb";
import { dynamoDBClient, openEndpoint, type OpenEndpoint } from "../../support/open-endpoint";

const KEY = "arn:aws:kms:eu-west-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/** Permission to use the key through a service. */
function useKey(service: string, ...actions: string[]): object {
  return allow(actions, KEY, {
    StringEquals: { "kms:ViaService": `${service}.eu-west-1.amazonaws.com` },
  });
}

describe("Calls that use a KMS key", () => {
  let open: OpenEndpoint;
  let service: FakeService;
  let kmsKey: string | undefined;
  const clients: { destroy(): void }[] = [];

  beforeEach(async () => {
    kmsKey = KEY;
    service = new FakeService((asked) => {
      const answer = emptyTicketTable(asked) as { Table?: object } | undefined;
      const SSEDescription = { Status: "ENABLED", SSEType: "KMS", KMSMasterKeyArn: kmsKey };
      return answer?.Table ? { Table: { ...answer.Table, SSEDescription } } : answer;
    });
    await service.start();
    open = await openEndpoint(() => kmsKey);
    for (const name of ["dynamodb", "sqs", "s3"] as const)
      open.endpoint.register(name, "eu-west-1", service.url);
  });
  afterEach(async () => {
    clients.splice(0).forEach((client) => client.destroy());
    await open.endpoint.close();
    await service.close();
  });

  let roles = 0;
  const credentials = (...statements: object[]) =>
    credentialsWith(open.iam, statements, { name: `worker-${++roles}` });
  const database = async (...statements: object[]) => {
    const client = dynamoDBClient(open.url, await credentials(...statements));
    clients.push(client);
    return client;
  };

  const data = [
    get("a"),
    new PutItemCommand({ TableName: "tickets", Item: { id: { S: "a" } } }),
    new QueryCommand({
      TableName: "tickets",
      KeyConditionExpression: "id = :id",
      ExpressionAttributeValues: { ":id": { S: "a" } },
    }),
    new BatchGetItemCommand({ RequestItems: { tickets: { Keys: [{ id: { S: "a" } }] } } }),
    new TransactWriteItemsCommand({
      TransactItems: [{ Put: { TableName: "tickets", Item: { id: { S: "a" } } } }],
    }),
  ];

  it("on an encrypted table are denied to a role that may not decrypt with its key", async () => {
    const client = await database(allow("dynamodb:*"));
    for (const command of data)
      await assert.rejects(
        client.send(command as never),
        denied(
          /role\/worker-\d+ is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-west-1:/,
        ),
        command.constructor.name,
      );
    await client.send(new DescribeTableCommand({ TableName: "tickets" }));
    assert.ok(service.requests.every(({ operation }) => operation === "DescribeTable"));
  });

  it("on an encrypted table are allowed through DynamoDB of the region of the key only", async () => {
    const client = await database(allow("dynamodb:*"), useKey("dynamodb", "kms:Decrypt"));
    for (const command of data) await client.send(command as never);
    const another = await database(allow("dynamodb:*"), useKey("s3", "kms:Decrypt"));
    await assert.rejects(another.send(get("a")), denied(/kms:Decrypt/));
  });

  it("on a table with a key that AWS owns or manages need no permission", async () => {
    kmsKey = undefined;
    const client = await database(allow("dynamodb:*"));
    for (const command of data) await client.send(command as never);
  });

  it("of SQS need both permissions to send a message", async () => {
    const queue = "arn:aws:sqs:eu-west-1:000000000000:quarantine";
    const send = async (...statements: object[]): Promise<unknown> => {
      const client = new SQSClient({
        ...{ endpoint: open.url, region: "eu-west-1", maxAttempts: 1 },
        // The fake service computes no checksum.
        md5: false,
        credentials: await credentials(allow("sqs:SendMessage", queue), ...statements),
      });
      clients.push(client);
      return client.send(
        new SendMessageCommand({ QueueUrl: `${open.url}/000000000000/quarantine`, MessageBody: "record" }),
      );
    };
    await assert.rejects(send(), denied(/kms:GenerateDataKey/));
    await assert.rejects(send(useKey("sqs", "kms:GenerateDataKey")), denied(/kms:Decrypt/));
    await send(useKey("sqs", "kms:GenerateDataKey", "kms:Decrypt"));
    assert.equal(service.requests.at(-1)?.operation, "SendMessage");
  });

  it("of S3 need the permission to encrypt or to decrypt an object", async () => {
    const objects = "arn:aws:s3:::failures/*";
    const clientWith = async (...statements: object[]): Promise<S3Client> => {
      const client = new S3Client({
        ...{ endpoint: open.url, region: "eu-west-1", maxAttempts: 1, forcePathStyle: true },
        credentials: await credentials(allow(["s3:PutObject", "s3:GetObject"], objects), ...statements),
      });
      clients.push(client);
      return client;
    };
    const put = new PutObjectCommand({ Bucket: "failures", Key: "record", Body: "{}" });
    const accessDenied = (action: string) => (error: Error) =>
      error.name === "AccessDenied" && error.message.includes(action);
    const without = await clientWith();
    await assert.rejects(without.send(put), accessDenied("kms:GenerateDataKey"));
    const writer = await clientWith(useKey("s3", "kms:GenerateDataKey"));
    const read = new GetObjectCommand({ Bucket: "failures", Key: "record" });
    await assert.rejects(writer.send(read), accessDenied("kms:Decrypt"));
    await writer.send(put);
  });
});
