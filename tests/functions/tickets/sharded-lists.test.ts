import assert from "node:assert/strict";
import type { BatchGetItemCommandInput, QueryCommandInput } from "@aws-sdk/client-dynamodb";
import { apiHandler } from "../../../functions/http/api";
import type { DynamoDB } from "../../../functions/shared/aws";
import type { Image } from "../../../functions/shared/image";
import { ticketCursor } from "../../../functions/tickets/cursor";
import { listTicketsOperation } from "../../../functions/tickets/list";
import { shardedLists } from "../../../functions/tickets/sharded-lists";
import type { Ticket, TicketItem } from "../../../functions/tickets/ticket";
import { httpEvent, invoke, rawQueryOf, send } from "../../../testing/api-calls";
import { toImage } from "../../../testing/attribute-values";
import { idOf, IRELAND, ticketItem } from "../../../testing/tickets";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";

const TABLE = "tickets";

/** Fake database of tickets whose index still has entries of tickets that are gone. */
class FakeDatabase {
  readonly queries: QueryCommandInput[] = [];
  /** Ids of each batch. */
  readonly batches: string[][] = [];
  /** Returns how many keys of a batch are left unprocessed. */
  unprocessed: (batch: number) => number = () => 0;
  readonly lists = listTicketsOperation(shardedLists(this.opened(), TABLE));

  /** @param entries tickets in the index. */
  constructor(
    private readonly entries: readonly TicketItem[],
    private readonly isStored: (ticket: TicketItem) => boolean = () => true,
  ) {}

  async page(query: Record<string, string>): Promise<{ readonly ids: string[]; readonly cursor?: string }> {
    const { body } = await send("listTickets", this.lists, { query });
    const { tickets, cursor } = body as { tickets: Ticket[]; cursor?: string };
    return { ids: tickets.map(({ id }) => id), cursor };
  }

  private opened(): DynamoDB {
    class QueryCommand {
      constructor(readonly query: QueryCommandInput) {}
    }
    class BatchGetItemCommand {
      constructor(readonly batch: BatchGetItemCommandInput) {}
    }
    const call = async (command: QueryCommand | BatchGetItemCommand): Promise<object> =>
      command instanceof QueryCommand ? this.query(command.query) : this.read(command.batch);
    return { commands: { QueryCommand, BatchGetItemCommand }, client: { send: call } } as unknown as DynamoDB;
  }

  private query(query: QueryCommandInput): object {
    this.queries.push(query);
    const after = query.ExclusiveStartKey ?? query.ExpressionAttributeValues;
    const before = (after?.listSortKey ?? after?.[":before"])?.S;
    const hash = query.ExpressionAttributeValues?.[":hash"].S;
    const left = this.entries
      .filter(({ statusShard, listSortKey }) => statusShard === hash && (!before || listSortKey < before))
      .sort((one, other) => (one.listSortKey < other.listSortKey ? 1 : -1));
    const found = left.slice(0, query.Limit).map(({ id, listSortKey }) => toImage({ id, listSortKey }));
    return { Items: found, LastEvaluatedKey: left.length > found.length ? found.at(-1) : undefined };
  }

  private read({ RequestItems = {} }: BatchGetItemCommandInput): object {
    const { Keys = [] } = RequestItems[TABLE];
    const processed = Keys.length - Math.min(Keys.length, this.unprocessed(this.batches.length));
    const ids = Keys.map(({ id }) => String(id.S));
    this.batches.push(ids);
    const images = ids
      .slice(0, processed)
      .flatMap((id) => this.entries.filter((entry) => entry.id === id && this.isStored(entry)))
      .map((entry) => toImage(entry) as Image);
    const rest = Keys.slice(processed);
    return {
      Responses: { [TABLE]: images },
      UnprocessedKeys: rest.length > 0 ? { [TABLE]: { Keys: rest } } : {},
    };
  }
}

describe("shardedLists", () => {
  captureLogs();
  withEnvironment({ AWS_REGION: IRELAND });
  const tickets = (count: number): TicketItem[] =>
    Array.from({ length: count }, (_, number) => ticketItem({ id: idOf(number), status: "open" }));
  const sortKeyOf = (number: number): string => ticketItem({ id: idOf(number) }).listSortKey;

  it("needs few calls for 500 entries whose tickets are gone", async () => {
    const database = new FakeDatabase(tickets(501), ({ id }) => id === idOf(0));
    assert.deepEqual(await database.page({ limit: "1", status: "open" }), {
      ids: [idOf(0)],
      cursor: undefined,
    });
    assert.ok(database.batches.length <= 12, `${database.batches.length} batches`);
    assert.ok(database.queries.length <= 60, `${database.queries.length} queries`);
    assert.ok(database.queries.every(({ Limit }) => Limit !== undefined && Limit <= 100));
  });

  it("reads keys again that DynamoDB left unprocessed once, and returns the complete page", async () => {
    const database = new FakeDatabase(tickets(9));
    database.unprocessed = (batch) => (batch === 0 ? 3 : 0);
    assert.deepEqual(await database.page({ limit: "4" }), {
      ids: [idOf(8), idOf(7), idOf(6), idOf(5)],
      cursor: ticketCursor(sortKeyOf(5)),
    });
    assert.deepEqual(
      database.batches.map(({ length }) => length),
      [5, 3],
    );
  });

  it("returns 503 if DynamoDB leaves keys unprocessed again and again", async () => {
    const database = new FakeDatabase(tickets(9));
    database.unprocessed = () => 1;
    const { status, body } = await invoke(
      apiHandler("listTickets", database.lists),
      httpEvent("GET", "/tickets", { rawQueryString: rawQueryOf({ limit: "4" }) }),
    );
    assert.equal(status, 503);
    assert.equal((body as { status: number }).status, 503);
    assert.deepEqual(
      database.batches.map(({ length }) => length),
      [5, 1, 1, 1, 1],
    );
  });
});
