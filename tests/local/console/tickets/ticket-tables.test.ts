import assert from "node:assert/strict";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { RouteError } from "../../../../local/console/http/route";
import { regionItems } from "../../../../local/console/tickets/region-items";
import { ticketRoutes } from "../../../../local/console/tickets/ticket-routes";
import {
  type TicketDetail,
  type TicketPage,
  TicketTables,
} from "../../../../local/console/tickets/ticket-tables";
import { toImage } from "../../../../testing/attribute-values";
import { idOf, ticketItem, versionAt } from "../../../../testing/tickets";
import {
  DynamoDBFixture,
  IRELAND,
  SINGAPORE,
  TABLE,
  TABLE_INPUTS,
} from "../../aws/dynamodb/dynamodb-fixture";

describe("Console tickets", () => {
  let fixture: DynamoDBFixture;
  let tables: TicketTables;
  let calls: number;

  before(async () => {
    fixture = await DynamoDBFixture.start();
    const attributes = ["id", "statusShard", "listSortKey"].map((name) => ({ name, type: "S" }));
    const index = {
      name: "byStatusShard",
      hashKey: "statusShard",
      rangeKey: "listSortKey",
      projectionType: "KEYS_ONLY",
    };
    const inputs = { ...TABLE_INPUTS, attributes, globalSecondaryIndexes: [index] };
    for (const region of [IRELAND, SINGAPORE]) await fixture.createTable(inputs, region);
    for (const client of Object.values(fixture.clients))
      client.middlewareStack.add((next) => (args) => (calls++, next(args)), { step: "initialize" });
    tables = new TicketTables(
      fixture.regions
        .all()
        .map(({ name, code }) => regionItems({ name, code }, fixture.clients[code], TABLE)),
    );
    for (let number = 1; number <= 9; number++) await store(ticket(number), IRELAND, SINGAPORE);
    await store({ ...ticketItem({ ...ticket(10), status: "closed" }) }, SINGAPORE);
    await store(tombstone(8), IRELAND);
    for (const number of [20, 21, 22]) await store(tombstone(number), IRELAND, SINGAPORE);
  });
  after(() => fixture.close());
  beforeEach(() => {
    calls = 0;
    for (const { name } of fixture.regions.all()) fixture.regions.setState(name, "up");
  });

  function ticket(number: number): object {
    const createdAt = `2026-01-01T00:00:${String(number).padStart(2, "0")}.000Z`;
    const id = idOf(number);
    return ticketItem({ id, createdAt, listSortKey: `${createdAt}#${id}`, version: versionAt(number) });
  }

  function tombstone(number: number): object {
    return {
      id: idOf(number),
      deleted: true,
      expiresAt: 1,
      version: versionAt(50 + number),
      origin: IRELAND,
      seen: {},
    };
  }

  async function store(item: object, ...regions: string[]): Promise<void> {
    const Item = toImage(item) as PutItemCommand["input"]["Item"];
    for (const region of regions)
      await fixture.clients[region].send(new PutItemCommand({ TableName: TABLE, Item }));
  }

  const ask = async <T>(path: "/tickets" | "/tickets/{id}", query = "", id = ""): Promise<T> => {
    const route = ticketRoutes(() => tables).find((candidate) => candidate.path === path);
    return (await route?.get({ path: { id }, query: new URLSearchParams(query) })) as T;
  };
  const page = (query?: string): Promise<TicketPage> => ask("/tickets", query);
  const idsOf = ({ tickets }: TicketPage): string[] => tickets.map(({ id }) => id);

  it("aligns the tickets of both regions by id, newest first", async () => {
    const { tickets, regions, next } = await page("limit=4");
    assert.deepEqual(regions, ["ireland", "singapore"]);
    assert.deepEqual(
      tickets.map(({ id }) => id),
      [10, 9, 8, 7].map(idOf),
    );
    assert.deepEqual(
      tickets.map(({ comparison, items }) => [comparison.text, ...items.map(({ state }) => state)]),
      [
        ["Missing in ireland, which wrote it. Run npm run reconcile.", "missing", "ticket"],
        ["Equal", "ticket", "ticket"],
        ["Deleted in ireland, an older version in singapore", "tombstone", "ticket"],
        ["Equal", "ticket", "ticket"],
      ],
    );
    assert.notEqual(next, undefined);
  });

  it("returns every ticket once over all pages, and no next at the end", async () => {
    const found: string[] = [];
    let next: string | undefined = "";
    for (let count = 0; next !== undefined && count < 10; count++) {
      const part: TicketPage = await page(`limit=3&after=${encodeURIComponent(next)}`);
      found.push(...idsOf(part));
      next = part.next;
    }
    assert.deepEqual(found, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1].map(idOf));
    assert.equal(next, undefined);
  });

  it("reads a page with the same number of calls, whatever the number of tickets", async () => {
    await page("limit=3");
    const few = calls;
    calls = 0;
    await page("limit=9");
    assert.deepEqual([few, calls], [26, 26]);
  });

  it("returns tombstones by a scan in parts", async () => {
    const found = new Set<string>();
    let next: string | undefined = "";
    for (let count = 0; next !== undefined && count < 10; count++) {
      const part: TicketPage = await page(`deleted=true&limit=1&after=${encodeURIComponent(next)}`);
      for (const id of idsOf(part)) found.add(id);
      next = part.next;
    }
    assert.deepEqual([...found].sort(), [8, 20, 21, 22].map(idOf).sort());
    assert.equal(next, undefined);
    const whole = await page("deleted=true");
    assert.deepEqual(idsOf(whole), [22, 21, 20, 8].map(idOf));
    assert.equal(whole.tickets[0].comparison.text, "Deleted in both regions");
  });

  it("shows a region that is down as unknown", async () => {
    fixture.regions.setState("singapore", "down");
    const { tickets } = await page("limit=2");
    assert.deepEqual(
      tickets.map(({ id }) => id),
      [9, 7].map(idOf),
    );
    assert.deepEqual(
      tickets[0].items.map(({ state }) => state),
      ["ticket", "unknown"],
    );
    assert.equal(tickets[0].comparison.text, "singapore does not respond");
    fixture.regions.setState("ireland", "down");
    assert.deepEqual((await page()).tickets, []);
  });

  it("returns both items of a ticket with their attributes explained", async () => {
    const detail = await ask<TicketDetail>("/tickets/{id}", "", idOf(8));
    assert.equal(detail.comparison.kind, "pending");
    assert.ok(["deleted", "subject", "version"].every((name) => detail.differences.includes(name)));
    const [ireland, singapore] = detail.items;
    assert.deepEqual([ireland.state, singapore.state], ["tombstone", "ticket"]);
    assert.deepEqual((ireland.json as { deleted: unknown }).deleted, { BOOL: true });
    assert.deepEqual(
      singapore.attributes.map(({ name }) => name),
      ["version", "origin", "seen", "deleted", "expiresAt"],
    );
    const absent = await ask<TicketDetail>("/tickets/{id}", "", idOf(99));
    assert.equal(absent.comparison.text, "In neither region");
    assert.deepEqual(
      absent.items.map(({ json }) => json),
      [undefined, undefined],
    );
  });

  it("returns binary values of an item in base64", async () => {
    await fixture.ireland.send(
      new PutItemCommand({
        TableName: TABLE,
        Item: { id: { S: idOf(30) }, bytes: { B: Buffer.from("hello") }, set: { BS: [Buffer.from("a")] } },
      }),
    );
    const { items } = await ask<TicketDetail>("/tickets/{id}", "", idOf(30));
    assert.deepEqual(items[0].json, { id: { S: idOf(30) }, bytes: { B: "aGVsbG8=" }, set: { BS: ["YQ=="] } });
  });

  for (const [query, id] of [
    ["limit=0", ""],
    ["limit=101", ""],
    ["deleted=true&after=nonsense", ""],
    ["deleted=true&after=[1,2]", ""],
    ["", "canary-eu-west-1"],
  ])
    it(`returns 400 for ${query || id}`, async () => {
      const failure = ask(id === "" ? "/tickets" : "/tickets/{id}", query, id);
      await assert.rejects(failure, (error) => error instanceof RouteError && error.status === 400);
    });
});
