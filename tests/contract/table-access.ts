import { DeleteTableCommand, DynamoDBClient, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand, ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { nextVersion } from "../../functions/replication/version";
import { isTicketId } from "../../functions/tickets/ticket-id";
import type { StoredTicket } from "../../functions/tickets/ticket";
import type { RegionAddresses } from "../../local/addresses";

const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };
/** Number of concurrent writers that change a ticket. */
const WRITERS = 4;

/** Direct access to the tables of a region, bypassing the API. */
export class TableAccess {
  private readonly client: DynamoDBClient;
  private readonly documents: DynamoDBDocumentClient;

  constructor(private readonly region: RegionAddresses) {
    const { code, dynamodb: endpoint } = region;
    this.client = new DynamoDBClient({ region: code, endpoint, credentials: CREDENTIALS });
    this.documents = DynamoDBDocumentClient.from(this.client);
  }

  /** Returns the tickets and tombstones of the ticket table by id, without reserved items. */
  async tickets(): Promise<Map<string, StoredTicket>> {
    const found = new Map<string, StoredTicket>();
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await this.documents.send(
        new ScanCommand({ TableName: this.region.table, ConsistentRead: true, ExclusiveStartKey }),
      );
      for (const item of page.Items ?? []) if (isTicketId(item.id)) found.set(item.id, item as StoredTicket);
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return found;
  }

  async store(item: object): Promise<void> {
    await this.documents.send(new PutCommand({ TableName: this.region.table, Item: item }));
  }

  /** Writes new versions of a ticket without a pause until an action is done. */
  async whileChanging<T>(id: string, action: () => Promise<T>): Promise<T> {
    let isDone = false;
    let version: string | undefined;
    const change = async (): Promise<void> => {
      while (!isDone) {
        version = nextVersion(this.region.code, Date.now(), version);
        await this.documents.send(
          new UpdateCommand({
            TableName: this.region.table,
            Key: { id },
            UpdateExpression: "SET #version = :version",
            ExpressionAttributeNames: { "#version": "version" },
            ExpressionAttributeValues: { ":version": version },
          }),
        );
      }
    };
    const writers = Array.from({ length: WRITERS }, change);
    try {
      return await action();
    } finally {
      isDone = true;
      await Promise.all(writers);
    }
  }

  /** Deletes the ticket table and the conflict table, to simulate an outage of the region's DynamoDB. */
  async drop(): Promise<void> {
    for (const TableName of [this.region.table, this.region.conflictTable]) {
      await this.client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
      await this.client.send(new DeleteTableCommand({ TableName }));
    }
  }

  close(): void {
    this.client.destroy();
  }
}
