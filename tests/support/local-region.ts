import { DynamoDBClient, GetItemCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { quarantineMessage } from "../../functions/replication/quarantined-record";
import type { Image } from "../../functions/shared/image";
import type { RegionAddresses } from "../../local/addresses";
import { RegionClient } from "./region-client";
import type { inserted } from "../../testing/stream-records";

const LOCAL = { credentials: { accessKeyId: "local", secretAccessKey: "local" }, maxAttempts: 1 };

/** Region of the local cloud, accessed through its API and AWS clients. */
export class LocalRegion {
  readonly api: RegionClient;
  private readonly dynamodb: DynamoDBClient;
  private readonly sqs: SQSClient;
  private readonly s3: S3Client;

  constructor(readonly at: RegionAddresses) {
    const region = at.code;
    this.api = new RegionClient(at.api);
    this.dynamodb = new DynamoDBClient({ ...LOCAL, region, endpoint: at.dynamodb });
    this.sqs = new SQSClient({ ...LOCAL, region, endpoint: at.sqs });
    this.s3 = new S3Client({ ...LOCAL, region, endpoint: at.s3, forcePathStyle: true });
  }

  async edit(id: string, subject: string): Promise<void> {
    await this.api.edit(id, { subject });
  }

  async put(item: Image, table = this.at.table): Promise<void> {
    await this.dynamodb.send(new PutItemCommand({ TableName: table, Item: item }));
  }

  async item(id: string): Promise<Image | undefined> {
    const input = { TableName: this.at.table, Key: { id: { S: id } }, ConsistentRead: true };
    return (await this.dynamodb.send(new GetItemCommand(input))).Item;
  }

  /** Returns every ticket and tombstone. */
  async items(): Promise<Image[]> {
    return (await this.scan(this.at.table)).filter(
      ({ id }) => !/^(canary|heartbeat|lag-probe|routing|sentinel)-/.test(id.S ?? ""),
    );
  }

  conflicts(): Promise<Image[]> {
    return this.scan(this.at.conflictTable);
  }

  async quarantine(record: ReturnType<typeof inserted>): Promise<void> {
    const quarantinedAt = new Date().toISOString();
    const reason = { error: "ValidationException", message: "It was too large." };
    const MessageBody = quarantineMessage({ ...reason, quarantinedAt, sourceRegion: this.at.code, record });
    await this.sqs.send(new SendMessageCommand({ QueueUrl: this.at.quarantineQueue, MessageBody }));
  }

  /** Hides a message in quarantine, as a redrive does that was killed. */
  async hide(): Promise<void> {
    const QueueUrl = this.at.quarantineQueue;
    const { Messages } = await this.sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 300 }));
    if (Messages?.length !== 1) throw new Error("No message could be hidden.");
  }

  async fail(...Records: readonly ReturnType<typeof inserted>[]): Promise<void> {
    const Body = JSON.stringify({ version: "1.0", payload: JSON.stringify({ Records }) });
    const Key = "aws/lambda/mapping/shard/2025/11/23/13.20.00-1";
    await this.s3.send(new PutObjectCommand({ Bucket: this.at.failureBucket, Key, Body }));
  }

  /** Returns the current number of visible messages in quarantine. SQS itself returns an earlier one. */
  async messages(): Promise<number> {
    const queues = (await (await fetch(`${this.at.sqs}/_fauxqs/queues`)).json()) as readonly {
      readonly arn: string;
      readonly approximateMessageCount: number;
    }[];
    const name = this.at.quarantineQueue.split("/").at(-1);
    return queues.find(({ arn }) => arn.endsWith(`:${name}`))?.approximateMessageCount ?? NaN;
  }

  async failures(): Promise<number> {
    const { KeyCount } = await this.s3.send(new ListObjectsV2Command({ Bucket: this.at.failureBucket }));
    return KeyCount ?? 0;
  }

  private async scan(TableName: string): Promise<Image[]> {
    const { Items = [] } = await this.dynamodb.send(new ScanCommand({ TableName, ConsistentRead: true }));
    return Items.sort((left, right) => ((left.id.S ?? "") < (right.id.S ?? "") ? -1 : 1));
  }
}

/** Returns the last routing event of a region, with its fields as strings. */
export async function lastEventOf(region: LocalRegion): Promise<Record<string, string | undefined>> {
  const event = (await region.item(`routing-${region.at.code}`))?.events.L?.at(-1)?.M ?? {};
  return Object.fromEntries(Object.entries(event).map(([key, value]) => [key, value.S]));
}
