import assert from "node:assert/strict";
import { ticketCursor } from "../../../functions/tickets/cursor";
import { ALL_SHARDS } from "../../../functions/tickets/list-indexes";
import { itemSize } from "../../../local/aws/dynamodb/dynalite";
import { toImage } from "../../../testing/attribute-values";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { IRELAND } from "../../../testing/tickets";
import { FAKE_CREDENTIALS, TABLE_NAME, TABLE_VARIABLES } from "./embedded-table";
import { generatedTicket } from "./generated-tickets";
import { MeteredApi } from "./metered-api";

const [TEN_THOUSAND, MILLION] = [10_000, 1_000_000];
/** Bytes that DynamoDB reads for half a read capacity unit: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
const UNIT_BYTES = 4096;

describe("read cost of a ticket page", () => {
  captureLogs();
  withEnvironment({ AWS_REGION: IRELAND, ...TABLE_VARIABLES, ...FAKE_CREDENTIALS });
  const apis: MeteredApi[] = [];
  const start = async (generated?: number): Promise<MeteredApi> => {
    const api = await MeteredApi.start(generated);
    apis.push(api);
    return api;
  };
  afterEach(() => Promise.all(apis.splice(0).map((api) => api.close())));

  /** Returns the cursor of a page in the middle of a number of tickets. */
  const middleCursor = (count: number): string => ticketCursor(generatedTicket(count / 2).listSortKey);

  const listings: readonly (readonly [string, Record<string, string>, number])[] = [
    ["all statuses", {}, 3],
    ["one status", { status: "open" }, 1],
    ["an assignee", { assignee: "agent-7" }, 3],
    ["unassigned tickets of one status", { assignee: "", status: "closed" }, 1],
  ];
  for (const [what, query, statuses] of listings)
    it(`is the same for ten thousand and a million tickets: ${what}`, async () => {
      const costs: object[] = [];
      for (const count of [TEN_THOUSAND, MILLION]) {
        const api = await start(count);
        for (const more of [{}, { cursor: middleCursor(count) }] as Record<string, string>[]) {
          const before = { units: api.units, entries: api.read.entries };
          const { tickets, cursor } = await api.list({ ...query, ...more, limit: "10" });
          assert.equal(tickets.length, 10);
          assert.ok(cursor);
          costs.push({ units: api.units - before.units, entries: api.read.entries - before.entries });
        }
      }
      // The API reads one ticket more than the page to find out whether there is another page; dynalite reads one more entry. The entries
      // of a query are smaller than half a unit together, and so is each ticket.
      const queries = statuses * ALL_SHARDS.length;
      assert.ok(itemSize(toImage(generatedTicket(1))) < UNIT_BYTES);
      const expected = { units: (queries + 11) * 0.5, entries: queries * 12 };
      assert.deepEqual(costs, Array(4).fill(expected));
    });

  it("grows with the page size", async () => {
    const api = await start(MILLION);
    await api.list({ limit: "10" });
    const ofTen = api.units;
    await api.list({ limit: "100" });
    const ofHundred = api.units - ofTen;
    assert.ok(ofHundred > 5 * ofTen && ofHundred <= 10 * ofTen, `${ofTen} and ${ofHundred} units`);
  });

  it("is the same for generated and stored tickets", async () => {
    const [generated, stored] = [await start(300), await start()];
    for (let number = 0; number < 300; number++)
      await stored.database.handle("DynamoDB_20120810.PutItem", {
        TableName: TABLE_NAME,
        Item: toImage(generatedTicket(number)),
      });
    const queries: readonly Record<string, string>[] = [{}, { assignee: "agent-3" }, { status: "closed" }];
    for (const query of queries) {
      let cursor: string | undefined;
      do {
        const page: Record<string, string> = { ...query, limit: "40", ...(cursor && { cursor }) };
        const [one, other] = [await generated.list(page), await stored.list(page)];
        assert.deepEqual(one, other);
        cursor = one.cursor;
      } while (cursor !== undefined);
    }
    assert.ok(generated.units > 0);
    assert.equal(generated.units, stored.units);
  });
});
