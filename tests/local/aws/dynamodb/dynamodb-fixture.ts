import { DynamoDBClient, type AttributeValue } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  type _Record,
} from "@aws-sdk/client-dynamodb-streams";
import { LocalDynamoDB, type DynamoDBOptions } from "../../../../local/aws/dynamodb/dynamodb";
import { Regions } from "../../../../local/aws/regions";
import type { ExistingResource } from "../../../../local/aws/resource";
import { createResource } from "../../support/create-resource";

export const IRELAND = "eu-west-1";
export const SINGAPORE = "ap-southeast-1";
export const TABLE = "tickets";
export const TABLE_TYPE = "aws:dynamodb/table:Table";

/** Inputs of the project's own table. */
export const TABLE_INPUTS = {
  name: TABLE,
  attributes: [
    { name: "id", type: "S" },
    { name: "status", type: "S" },
  ],
  hashKey: "id",
  billingMode: "PAY_PER_REQUEST",
  globalSecondaryIndexes: [{ name: "byStatus", hashKey: "status", rangeKey: "id", projectionType: "ALL" }],
  streamEnabled: true,
  streamViewType: "NEW_AND_OLD_IMAGES",
  ttl: { attributeName: "expiresAt", enabled: true },
};

/** Local DynamoDB in two regions, with clients. `close` stops all of it. */
export class DynamoDBFixture {
  readonly clients: { readonly [region: string]: DynamoDBClient };
  readonly streams: { readonly [region: string]: DynamoDBStreamsClient };

  private constructor(
    readonly regions: Regions,
    readonly service: LocalDynamoDB,
  ) {
    const credentials = { accessKeyId: "x", secretAccessKey: "x" };
    const options = (region: string): object => ({
      region,
      credentials,
      maxAttempts: 1,
      endpoint: service.endpoint(region),
    });
    this.clients = Object.fromEntries(
      [IRELAND, SINGAPORE].map((code) => [code, new DynamoDBClient(options(code))]),
    );
    this.streams = Object.fromEntries(
      [IRELAND, SINGAPORE].map((code) => [code, new DynamoDBStreamsClient(options(code))]),
    );
  }

  static async start(options: Partial<DynamoDBOptions> = {}): Promise<DynamoDBFixture> {
    const regions = new Regions([
      { name: "ireland", code: IRELAND },
      { name: "singapore", code: SINGAPORE },
    ]);
    return new DynamoDBFixture(regions, await LocalDynamoDB.start({ regions, ...options }));
  }

  get ireland(): DynamoDBClient {
    return this.clients[IRELAND];
  }

  /** Creates a table as the program does; the project's own by default. */
  createTable(inputs: Record<string, unknown> = TABLE_INPUTS, region = IRELAND): Promise<ExistingResource> {
    const options = { name: "table", region, physicalName: "table-0a1b2c3" };
    return createResource(this.service, TABLE_TYPE, inputs, options);
  }

  async iterator(
    streamArn: string,
    start: Pick<GetShardIteratorCommandInput, "ShardIteratorType" | "SequenceNumber">,
    region = IRELAND,
  ): Promise<string> {
    const { StreamDescription } = await this.streams[region].send(
      new DescribeStreamCommand({ StreamArn: streamArn }),
    );
    const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
    const command = new GetShardIteratorCommand({ StreamArn: streamArn, ShardId, ...start });
    return (await this.streams[region].send(command)).ShardIterator as string;
  }

  /** All records of a stream from a starting position. */
  async records(
    streamArn: string,
    start: Pick<GetShardIteratorCommandInput, "ShardIteratorType" | "SequenceNumber"> = {
      ShardIteratorType: "TRIM_HORIZON",
    },
    region = IRELAND,
  ): Promise<_Record[]> {
    const records: _Record[] = [];
    let ShardIterator: string | undefined = await this.iterator(streamArn, start, region);
    while (ShardIterator) {
      const answer: { Records?: _Record[]; NextShardIterator?: string } = await this.streams[region].send(
        new GetRecordsCommand({ ShardIterator }),
      );
      if (!answer.Records?.length) break;
      records.push(...answer.Records);
      ShardIterator = answer.NextShardIterator;
    }
    return records;
  }

  async close(): Promise<void> {
    for (const client of [...Object.values(this.clients), ...Object.values(this.streams)]) client.destroy();
    await this.service.close();
  }
}

/** Ticket with an id and a count. */
export function ticket(id: string, count = 0): Record<string, AttributeValue> {
  return { id: { S: id }, status: { S: "open" }, count: { N: String(count) } };
}

/** Event names of records. */
export function eventNames(records: readonly _Record[]): (string | undefined)[] {
  return records.map(({ eventName }) => eventName);
}
