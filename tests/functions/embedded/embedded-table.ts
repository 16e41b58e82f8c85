import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  type AttributeValue,
} from "@aws-sdk/client-dynamodb";
import { after, before } from "mocha";
import { RECENCY_INDEX } from "../../../functions/replication/conflict-entry";
import { ASSIGNEE_SHARD_INDEX, STATUS_SHARD_INDEX } from "../../../functions/tickets/list-indexes";
import { type DynamoDBOptions, LocalDynamoDB } from "../../../local/aws/dynamodb/dynamodb";
import { Regions } from "../../../local/aws/regions";
import { toImage } from "../../../testing/attribute-values";
import { IRELAND } from "../../../testing/tickets";

/** Name of the table under test. */
export const TABLE_NAME = "tickets-under-test";

/** Names of the conflict tables of both regions, which share one endpoint. */
export const CONFLICT_TABLE_NAMES = { here: "conflicts-here", there: "conflicts-there" };

/** Environment of the API functions that names the tables of their own region. */
export const TABLE_VARIABLES = { TABLE_NAME, CONFLICT_TABLE_NAME: CONFLICT_TABLE_NAMES.here };

/** Credentials for the AWS SDK. They are not validated. */
export const FAKE_CREDENTIALS = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };

/** Ticket table and two conflict tables on an emulated DynamoDB for the tests of a `describe`. */
export class EmbeddedTable {
  private dynamodb?: LocalDynamoDB;
  private client?: DynamoDBClient;

  /** Starts before the tests of the enclosing `describe` and stops after them. */
  constructor(
    private readonly region = IRELAND,
    private readonly options: Pick<DynamoDBOptions, "now" | "indexDelayMs"> = {},
  ) {
    before(() => this.start());
    after(() => this.stop());
  }

  /** Returns a stored item in DynamoDB's typed form. */
  async stored(id: string): Promise<Record<string, AttributeValue> | undefined> {
    const Key = { id: { S: id } };
    const response = await this.client?.send(
      new GetItemCommand({ TableName: TABLE_NAME, Key, ConsistentRead: true }),
    );
    return response?.Item;
  }

  /** Stores a plain item without binary values, bypassing the application. */
  async store(item: object): Promise<void> {
    const Item = toImage(item) as Record<string, AttributeValue>;
    await this.client?.send(new PutItemCommand({ TableName: TABLE_NAME, Item }));
  }

  /** Stores an item in DynamoDB's typed form, bypassing the application. */
  async storeImage(Item: Record<string, AttributeValue>, table = TABLE_NAME): Promise<void> {
    await this.client?.send(new PutItemCommand({ TableName: table, Item }));
  }

  /** Returns all items of a conflict table in DynamoDB's typed form. */
  async conflicts(TableName: string): Promise<Record<string, AttributeValue>[]> {
    const response = await this.client?.send(new ScanCommand({ TableName, ConsistentRead: true }));
    return response?.Items ?? [];
  }

  private async start(): Promise<void> {
    this.dynamodb = await LocalDynamoDB.start({
      regions: new Regions([{ name: "here", code: this.region }]),
      ...this.options,
    });
    const endpoint = this.dynamodb.endpoint(this.region);
    process.env.AWS_ENDPOINT_URL_DYNAMODB = endpoint;
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    this.client = new DynamoDBClient({ region: this.region, endpoint, credentials });
    await this.make(TABLE_NAME, {
      attributes: attributes("id", "statusShard", "assigneeShard", "listSortKey"),
      globalSecondaryIndexes: [
        ...[
          { name: STATUS_SHARD_INDEX, hashKey: "statusShard" },
          { name: ASSIGNEE_SHARD_INDEX, hashKey: "assigneeShard" },
        ].map((index) => ({ ...index, rangeKey: "listSortKey", projectionType: "KEYS_ONLY" })),
      ],
    });
    for (const name of Object.values(CONFLICT_TABLE_NAMES))
      await this.make(name, {
        rangeKey: "losingVersion",
        attributes: attributes("id", "losingVersion", "listing"),
        globalSecondaryIndexes: [
          { name: RECENCY_INDEX, hashKey: "listing", rangeKey: "losingVersion", projectionType: "KEYS_ONLY" },
        ],
      });
  }

  private async make(name: string, inputs: object): Promise<void> {
    const type = "aws:dynamodb/table:Table";
    await this.dynamodb?.resourceHandlers[type].create({
      type,
      name,
      physicalName: name,
      region: this.region,
      inputs: { name, billingMode: "PAY_PER_REQUEST", hashKey: "id", ...inputs },
    });
  }

  private async stop(): Promise<void> {
    delete process.env.AWS_ENDPOINT_URL_DYNAMODB;
    this.client?.destroy();
    await this.dynamodb?.close();
  }
}

function attributes(...names: string[]): { readonly name: string; readonly type: "S" }[] {
  return names.map((name) => ({ name, type: "S" }));
}
