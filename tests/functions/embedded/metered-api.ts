import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { ASSIGNEE_INDEX, STATUS_INDEX } from "../../../functions/tickets/table";
import type { Ticket } from "../../../functions/tickets/ticket";
import { RegionDatabase } from "../../../local/aws/dynamodb/region-database";
import { IRELAND, NOW } from "../../../testing/tickets";
import { TABLE_NAME } from "./embedded-table";
import { generateTickets } from "./generated-tickets";
import { ticketApi } from "./api-handlers";

/** A page of a listing. */
export interface TicketPage {
  readonly tickets: Ticket[];
  readonly cursor?: string;
}

const TABLE = {
  TableName: TABLE_NAME,
  BillingMode: "PAY_PER_REQUEST",
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  AttributeDefinitions: ["id", "status", "assigneeStatus", "listSortKey"].map((AttributeName) => ({
    AttributeName,
    AttributeType: "S",
  })),
  GlobalSecondaryIndexes: [
    [STATUS_INDEX, "status"],
    [ASSIGNEE_INDEX, "assigneeStatus"],
  ].map(([IndexName, hashKey]) => ({
    IndexName,
    KeySchema: [
      { AttributeName: hashKey, KeyType: "HASH" },
      { AttributeName: "listSortKey", KeyType: "RANGE" },
    ],
    Projection: { ProjectionType: "ALL" },
  })),
};

/** The list of the ticket API before a DynamoDB that says of every query what it costs; the environment must name the table. */
export class MeteredApi {
  /** Read capacity units. */
  units = 0;
  private readonly server: Server;

  private constructor(
    readonly database: RegionDatabase,
    readonly read: { readonly entries: number },
  ) {
    this.server = createServer(async (request, response) => {
      const body = { ...JSON.parse(await text(request)), ReturnConsumedCapacity: "TOTAL" };
      const answer = await database.handle(String(request.headers["x-amz-target"]), body);
      this.units += answer.ConsumedCapacity.CapacityUnits;
      response.setHeader("content-type", "application/x-amz-json-1.0").end(JSON.stringify(answer));
    });
  }

  /** @param generated how many tickets the table is to hold; undefined for a table of stored ones, of which it has none yet. */
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

  /** Answers a listing, and adds up what it costs. */
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
