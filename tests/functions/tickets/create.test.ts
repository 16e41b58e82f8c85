import assert from "node:assert/strict";
import { CreateContext, createTicketOperation } from "../../../functions/tickets/create";
import type { Ticket, TicketItem } from "../../../functions/tickets/ticket";
import { problemOf, send, SentRequest } from "../../../testing/api-calls";
import { MemoryTable } from "../../../testing/memory-table";
import { idOf, IRELAND, NOW, ticketItem, versionAt } from "../../../testing/tickets";

describe("POST /tickets", () => {
  let table: MemoryTable;
  let context: CreateContext;
  beforeEach(() => {
    table = new MemoryTable();
    context = { table, region: IRELAND, now: () => NOW, newId: () => idOf(5) };
  });

  const create = (request: SentRequest): ReturnType<typeof send> =>
    send("createTicket", createTicketOperation(context), request);

  it("stores the ticket with its replication attributes", async () => {
    await create({ body: { subject: "No heating" }, caller: "ada" });
    const expected = ticketItem({ id: idOf(5), customer: "", createdBy: "ada" });
    assert.deepEqual(table.items.get(idOf(5)), expected);
  });

  it("returns 201 with the ticket, its location and its ETag", async () => {
    const body = { subject: "No heating", priority: "high", status: "assigned", assignee: "Bob" };
    const response = await create({ body });
    const ticket = response.body as Ticket;
    assert.equal(response.status, 201);
    assert.deepEqual(response.headers, { location: `/tickets/${idOf(5)}`, etag: `"${versionAt(0)}"` });
    for (const [name, value] of Object.entries(body)) assert.equal(ticket[name as keyof Ticket], value);
    assert.deepEqual([ticket.version, ticket.origin], [versionAt(0), IRELAND]);
    assert.equal("seen" in ticket, false);
  });

  it("creates the id from the time of creation", async () => {
    const times: number[] = [];
    const newId = (time: number): string => (times.push(time), idOf(5));
    await send("createTicket", createTicketOperation({ ...context, newId }), { body: { subject: "a" } });
    assert.deepEqual(times, [NOW]);
  });

  it("writes nothing for an invalid field", async () => {
    await problemOf(() => create({ body: { subject: "" } }));
    assert.equal(table.puts, 0);
  });

  it("never overwrites an existing item", async () => {
    const existing = ticketItem({ id: idOf(5), version: versionAt(-1) });
    table.write(existing);
    await assert.rejects(create({ body: { subject: "a" } }), /already exists/);
    assert.deepEqual(table.items.get(idOf(5)), existing);
  });

  it("succeeds if the SDK retries a put whose response was lost", async () => {
    const put = table.put.bind(table);
    table.put = async (...write) => (await put(...write)) && (await put(...write));
    const response = await create({ body: { subject: "a" } });
    assert.equal(response.status, 201);
    assert.equal(table.items.size, 1);
  });

  it("succeeds if the ticket was edited before the SDK retries the put", async () => {
    const put = table.put.bind(table);
    table.put = async (item, read) => {
      await put(item, read);
      const edited = { version: versionAt(1), seen: { [IRELAND]: item.version } };
      table.write(ticketItem({ ...(item as TicketItem), ...edited }));
      return put(item, read);
    };
    const response = await create({ body: { subject: "a" } });
    assert.equal(response.status, 201);
    assert.equal(table.items.get(idOf(5))?.version, versionAt(1));
  });
});
