import { CreateTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Server } from "node:http";
import { LocalDynamoDB } from "../local/aws/dynamodb/dynamodb";
import { closeServer, listen } from "../local/aws/listen";
import { Regions } from "../local/aws/regions";
import { compare } from "./measure";

// dynalite has no types.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const dynalite = require("dynalite") as (options: { createTableMs: number }) => Server;

const REGION = "eu-west-1";
const PUTS = 400;
const CONCURRENT = 16;

/** Measures conditional puts into the local DynamoDB with streams, compared with plain dynalite, which has none. */
export async function benchDynamoDB(): Promise<void> {
  const regions = new Regions([{ name: "ireland", code: REGION }]);
  const local = await LocalDynamoDB.start({ regions });
  const plain = dynalite({ createTableMs: 0 });
  const port = await listen(plain, { port: 0, purpose: "plain dynalite" });
  try {
    const subject = await tableAt(local.endpoint(REGION), {
      StreamEnabled: true,
      StreamViewType: "NEW_AND_OLD_IMAGES",
    });
    const baseline = await tableAt(`http://127.0.0.1:${port}`);
    await compare(
      "conditional puts, local DynamoDB with streams",
      () => putMany(subject),
      () => putMany(baseline),
      "dynalite",
    );
  } finally {
    await closeServer(plain);
    await local.close();
  }
}

async function tableAt(
  endpoint: string,
  StreamSpecification?: { StreamEnabled: boolean; StreamViewType: "NEW_AND_OLD_IMAGES" },
): Promise<DynamoDBClient> {
  const client = new DynamoDBClient({
    endpoint,
    region: REGION,
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
  });
  await client.send(
    new CreateTableCommand({
      TableName: "tickets",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
      StreamSpecification,
    }),
  );
  return client;
}

let written = 0;

async function putMany(client: DynamoDBClient): Promise<number> {
  const worker = async (): Promise<void> => {
    for (let index = 0; index < PUTS / CONCURRENT; index++)
      await client.send(
        new PutItemCommand({
          TableName: "tickets",
          Item: { id: { S: `ticket-${written++}` }, subject: { S: "x".repeat(150) } },
          ConditionExpression: "attribute_not_exists(id)",
        }),
      );
  };
  await Promise.all(Array.from({ length: CONCURRENT }, worker));
  return PUTS;
}
