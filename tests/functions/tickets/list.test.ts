import assert from "node:assert/strict";
import fc from "fast-check";
import { ticketCursor } from "../../../functions/tickets/cursor";
import { LISTING_ATTRIBUTES } from "../../../functions/tickets/listing-attributes";
import { listTicketsOperation } from "../../../functions/tickets/list";
import type { FoundTickets, TicketFilter, TicketLists } from "../../../functions/tickets/lists";
import type { Ticket } from "../../../functions/tickets/ticket";
import { Status, STATUSES } from "../../../functions/tickets/ticket-attributes";
import { merged } from "../../../functions/tickets/unsharded-lists";
import { problemOf, send } from "../../../testing/api-calls";
import { MemoryTable } from "../../../testing/memory-table";
import { idOf, NOW, ticketItem, tombstone, versionAt } from "../../../testing/tickets";

type Page = { readonly tickets: Ticket[]; readonly cursor?: string };
type Question = readonly [TicketFilter, string | undefined, number];
type Query = Record<string, string | undefined>;

const pageOf = async (table: Pick<MemoryTable, "newest">, query: Query = {}): Promise<Page> =>
  (await send("listTickets", listTicketsOperation(table), { query })).body as Page;

const idsOf = (tickets: readonly Ticket[]): string[] => tickets.map(({ id }) => id);

/** Follows the cursors to the last page. `between` runs between two pages. */
async function allPages(
  table: Pick<MemoryTable, "newest">,
  query: Query,
  between?: (page: Page) => void,
): Promise<Page[]> {
  const pages = [await pageOf(table, query)];
  for (let last = pages[0]; last.cursor !== undefined; pages.push(last)) {
    between?.(last);
    last = await pageOf(table, { ...query, cursor: last.cursor });
  }
  return pages;
}

describe("GET /tickets", () => {
  const statuses = fc.array(fc.constantFrom(...STATUSES), { maxLength: 40 });
  const limit = fc.integer({ min: 1, max: 10 });

  it("returns every ticket once, newest first, in full pages", () =>
    fc.assert(
      fc.asyncProperty(statuses, limit, async (held, size) => {
        const table = tableOf(held);
        const pages = await allPages(table, { limit: String(size) });
        const newestFirst = [...table.items.keys()].sort().reverse();
        assert.deepEqual(
          pages.flatMap(({ tickets }) => idsOf(tickets)),
          newestFirst,
        );
        assert.ok(pages.slice(0, -1).every(({ tickets }) => tickets.length === size));
      }),
    ));

  it("returns every ticket once, newest first, if the queries stop at different sort keys", () =>
    fc.assert(
      fc.asyncProperty(statuses, limit, fc.integer({ min: 1, max: 5 }), async (held, size, most) => {
        const table = tableOf(held);
        // Reads at most `most` entries. Every second entry is not a well-formed ticket.
        const newestOf = async (
          status: Status,
          ...[filter, before, wanted]: Question
        ): Promise<FoundTickets> => {
          const { items } = await table.newest({ ...filter, statuses: [status] }, before, Infinity);
          const read = items.slice(0, most);
          const listed = read.filter(({ id }) => isListed(id)).slice(0, wanted);
          const isAtEnd = read.length === items.length || listed.length === wanted;
          return { items: listed, stoppedAt: isAtEnd ? undefined : read.at(-1)?.listSortKey };
        };
        const newest: TicketLists["newest"] = async (...asked) =>
          merged(await Promise.all(asked[0].statuses.map((status) => newestOf(status, ...asked))), asked[2]);
        const isListed = (id: string): boolean => [...table.items.keys()].indexOf(id) % 2 === 0;
        const pages = await allPages({ newest }, { limit: String(size) });
        assert.deepEqual(
          pages.flatMap(({ tickets }) => idsOf(tickets)),
          [...table.items.keys()].filter(isListed).sort().reverse(),
        );
      }),
    ));

  it("returns every ticket of a status once, and no other", () =>
    fc.assert(
      fc.asyncProperty(statuses, fc.constantFrom(...STATUSES), limit, async (held, status, size) => {
        const pages = await allPages(tableOf(held), { status, limit: String(size) });
        const wanted = held.flatMap((other, index) => (other === status ? [idOf(index)] : [])).reverse();
        assert.deepEqual(
          pages.flatMap(({ tickets }) => idsOf(tickets)),
          wanted,
        );
      }),
    ));

  it("returns every existing ticket once while tickets are created and change status between pages", () =>
    fc.assert(
      fc.asyncProperty(
        statuses,
        limit,
        fc.infiniteStream(fc.constantFrom(...STATUSES)),
        async (held, size, next) => {
          const table = tableOf(held);
          let newest = held.length;
          const pages = await allPages(table, { limit: String(size) }, () => {
            table.write(ticketItem({ id: idOf(newest++), status: next.next().value as Status }));
            for (const item of table.items.values())
              table.write({ ...item, status: next.next().value as Status } as typeof item);
          });
          const begunWith = held.map((_, index) => idOf(index)).reverse();
          assert.deepEqual(
            pages.flatMap(({ tickets }) => idsOf(tickets)),
            begunWith,
          );
        },
      ),
    ));

  it("returns the tickets of an assignee, or the unassigned ones, of one or all statuses", async () => {
    const assignees = ["Bob", "", "bob", "Bob", "Bob#", ""];
    const table = new MemoryTable(
      assignees.map((assignee, index) =>
        ticketItem({ id: idOf(index), assignee, status: STATUSES[index % STATUSES.length] }),
      ),
    );
    const listed = async (query: Query): Promise<string[]> => idsOf((await pageOf(table, query)).tickets);
    assert.deepEqual(await listed({ assignee: "Bob" }), [idOf(3), idOf(0)]);
    assert.deepEqual(await listed({ assignee: "" }), [idOf(5), idOf(1)]);
    assert.deepEqual(await listed({ assignee: "", status: "closed" }), [idOf(5)]);
    assert.deepEqual(await listed({ assignee: "Ada" }), []);
    const pages = await allPages(table, { assignee: "Bob", limit: "1" });
    assert.deepEqual(
      pages.map(({ tickets }) => idsOf(tickets)),
      [[idOf(3)], [idOf(0)]],
    );
  });

  it("sorts by time of creation, not by id", async () => {
    const table = new MemoryTable(
      [5, 3, 9].map((id, index) =>
        ticketItem({ id: idOf(id), createdAt: new Date(NOW + index).toISOString(), status: STATUSES[index] }),
      ),
    );
    assert.deepEqual(idsOf((await pageOf(table)).tickets), [idOf(9), idOf(3), idOf(5)]);
  });

  it("returns no cursor with a last page that is exactly full", async () => {
    const page = await pageOf(tableOf(["open", "closed"]), { limit: "2" });
    assert.equal(page.tickets.length, 2);
    assert.equal(page.cursor, undefined);
  });

  it("returns an empty page for an empty table and after the last ticket", async () => {
    assert.deepEqual(await pageOf(new MemoryTable()), { tickets: [], cursor: undefined });
    assert.deepEqual(
      (await pageOf(tableOf(["open"]), { cursor: ticketCursor(ticketItem({ id: idOf(0) }).listSortKey) }))
        .tickets,
      [],
    );
  });

  it("returns 25 tickets by default and up to 100 with a limit", async () => {
    const table = tableOf(Array<Status>(120).fill("open"));
    assert.equal((await pageOf(table)).tickets.length, 25);
    assert.equal((await pageOf(table, { limit: "100" })).tickets.length, 100);
  });

  it("requests one ticket more than the page size from the table", async () => {
    const asked: Question[] = [];
    const newest = async (...question: Question): Promise<FoundTickets> => (
      asked.push(question),
      { items: [] }
    );
    const last = ticketItem({ id: idOf(3) });
    await pageOf({ newest }, { limit: "7", cursor: ticketCursor(last.listSortKey), assignee: "Bob" });
    assert.deepEqual(asked, [[{ statuses: STATUSES, assignee: "Bob" }, last.listSortKey, 8]]);
  });

  it("returns neither tombstones nor replication and listing attributes", async () => {
    const table = new MemoryTable([tombstone({ id: idOf(1) }), ticketItem({ id: idOf(2) })]);
    const { tickets } = await pageOf(table);
    assert.deepEqual(idsOf(tickets), [idOf(2)]);
    assert.deepEqual(
      Object.keys(tickets[0]).filter((name) =>
        ["seen", "deleted", "expiresAt", ...LISTING_ATTRIBUTES].includes(name),
      ),
      [],
    );
  });

  it("returns only the newer version of a ticket whose status changes between two queries", async () => {
    const older = ticketItem({ status: "open", version: versionAt(1) });
    const newer = ticketItem({ status: "assigned", version: versionAt(2) });
    const { items } = merged([{ items: [older] }, { items: [newer] }, { items: [] }], 10);
    assert.deepEqual(items, [newer]);
  });
});

describe("GET /tickets parameters", () => {
  for (const [name, values] of Object.entries({
    limit: ["0", "101", "-1", "1.5", "1e1", "", " 7", "ten", "0x10", "9999999"],
    status: ["", "Open", "all", "open,closed", "__proto__"],
    cursor: ["", "nonsense", "e30", "tickets.", "tickets.a", "tickets.a+b", `conflicts.${idOf(1)}`],
    page: ["2"],
    assignee: ["x".repeat(101)],
    __proto__x: ["1"],
  }))
    for (const value of values)
      it(`returns 400 for ${name}=${JSON.stringify(value)}`, async () => {
        const asked = new MemoryTable();
        asked.newest = async () => assert.fail("An invalid request must not reach the table.");
        const { problem } = await problemOf(() => pageOf(asked, { [name]: value }));
        assert.equal(problem.status, 400);
        assert.deepEqual(
          problem.errors?.map(({ field }) => field),
          [name],
        );
      });
});

function tableOf(statuses: readonly Status[]): MemoryTable {
  return new MemoryTable(statuses.map((status, index) => ticketItem({ id: idOf(index), status })));
}
