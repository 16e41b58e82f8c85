import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { ASSIGNEE_SHARD_INDEX, STATUS_SHARD_INDEX } from "../../../functions/tickets/list-indexes";
import type { Ticket } from "../../../functions/tickets/ticket";
import { RegionDatabase } from "../../../local/aws/dynamodb/region-database";
import { IRELAND, NOW } from "../../../testing/tickets";
import { TABLE_NAME } from "./embedded-table";
import { generateTickets } from "./generated-tickets";
import { ticketApi } from "./api-handlers";

/** Page of a listing. */
export interface TicketPage {
  readonly tickets: Ticket[];
  readonly cursor?: string;
}

const TABLE = {
  TableName: TABLE_NAME,
  BillingMode: "PAY_PER_REQUEST",
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  AttributeDefinitions: ["id", "statusShard", "assigneeShard", "listSortKey"].map((AttributeName) => ({
    AttributeName,
    AttributeType: "S",
  })),
  GlobalSecondaryIndexes: [
    [STATUS_SHARD_INDEX, "statusShard"],
    [ASSIGNEE_SHARD_INDEX, "assigneeShard"],
  ].map(([IndexName, hashKey]) => ({
    IndexName,
    KeySchema: [
      { AttributeName: hashKey, KeyType: "HASH" },
      { AttributeName: "listSortKey", KeyType: "RANGE" },
    ],
    Projection: { ProjectionType: "KEYS_ONLY" },
  })),
};

/** List route of the ticket API on an emulated DynamoDB that meters its queries. The environment must name the table. */
export class MeteredApi {
  /** Consumed read capacity units. */
  units = 0;
  private readonly server: Server;

  private constructor(
    readonly database: RegionDatabase,
    readonly read: { readonly entries: number },
  ) {
    this.server = createServer(async (request, response) => {
      const body = { ...JSON.parse(await text(request)), ReturnConsumedCapacity: "TOTAL" };
      const output = await database.handle(String(request.headers["x-amz-target"]), body);
      for (const { CapacityUnits } of [output.ConsumedCapacity].flat()) this.units += CapacityUnits;
      response.setHeader("content-type", "application/x-amz-json-1.0").end(JSON.stringify(output));
    });
  }

  /** @param generated number of generated tickets; undefined for an empty table. */
  static async start(generated?: number): Promise<MeteredApi> {
    const database = await RegionDatabase.open(IRELAND, undefined, () => NOW);
    await database.handle("DynamoDB_20120810.CreateTable", TABLE);
    const level = database.context.level;
    const table = database.context.view().table(TABLE_NAME);
    const read = generated === undefined ? { entries: 0 } : await generateTickets(level, table, generated);
    const api = new MeteredApi(database, read);
    await new Promise<void>((resolve) => api.server.listen(0, "127.0.0.1", resolve));
    return api;
  }

  /** Calls the list route and adds its cost to `units`. */
  async list(query: Record<string, string>): Promise<TicketPage> {
    const { port } = this.server.address() as AddressInfo;
    process.env.AWS_ENDPOINT_URL_DYNAMODB = `http://127.0.0.1:${port}`;
    const { status, body } = await ticketApi().list(query);
    delete process.env.AWS_ENDPOINT_URL_DYNAMODB;
    assert.equal(status, 200);
    return body as TicketPage;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.database.close();
  }
}
