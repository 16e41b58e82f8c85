import assert from "node:assert/strict";
import { ticketCursor } from "../../../functions/tickets/cursor";
import type { Ticket } from "../../../functions/tickets/ticket";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { idOf, IRELAND, ticketItem } from "../../../testing/tickets";
import { EmbeddedTable, FAKE_CREDENTIALS, TABLE_VARIABLES } from "./embedded-table";
import { TicketApi, ticketApi } from "./api-handlers";

describe("ticket API on an emulated DynamoDB", () => {
  const logs = captureLogs();
  withEnvironment({
    AWS_REGION: IRELAND,
    ...TABLE_VARIABLES,
    AWS_LAMBDA_FUNCTION_NAME: "api",
    ...FAKE_CREDENTIALS,
  });
  const table = new EmbeddedTable();
  let api: TicketApi;
  before(() => (api = ticketApi()));

  const create = async (fields: object = {}): Promise<Ticket> =>
    (await api.create({ subject: "No heating", ...fields })).body as Ticket;

  /** Returns the ids of all pages of a listing in order. */
  const listAll = async (query: Record<string, string>): Promise<string[]> => {
    const listed: string[] = [];
    let cursor: string | undefined;
    do {
      const { status, body } = await api.list({ ...query, ...(cursor && { cursor }) });
      assert.equal(status, 200);
      listed.push(...(body.tickets as Ticket[]).map(({ id }) => id));
      cursor = body.cursor as string | undefined;
    } while (cursor !== undefined);
    return listed;
  };

  it("creates, edits, lists and deletes a ticket in its whole life", async () => {
    const created = await api.create({ subject: "No heating", customer: "Ada", priority: "high" });
    assert.equal(created.status, 201);
    const { id } = created.body as Ticket;
    assert.equal(created.headers.location, `/tickets/${id}`);
    assert.deepEqual((await api.get(id)).body, created.body);
    assert.deepEqual((await api.list({ status: "open" })).body, { tickets: [created.body] });

    const assigned = await api.update(id, { status: "assigned", assignee: "Bob" });
    assert.equal(assigned.status, 200);
    assert.ok(assigned.body.version > created.body.version);
    assert.deepEqual((await api.get(id)).body, assigned.body);
    assert.deepEqual((await api.list({ status: "open" })).body, { tickets: [] });
    assert.deepEqual((await api.list({ status: "assigned" })).body, { tickets: [assigned.body] });

    assert.equal((await api.delete(id)).status, 204);
    assert.equal((await api.get(id)).status, 404);
    assert.equal((await api.update(id, { status: "open" })).status, 404);
    assert.deepEqual((await api.list()).body, { tickets: [] });
    assert.equal((await api.delete(id)).status, 204);
  });

  it("stores `seen` with a ticket, and a tombstone for a deleted ticket", async () => {
    const { id, version } = await create();
    await api.update(id, { status: "closed" });
    const edited = await table.stored(id);
    assert.deepEqual(edited?.seen, { M: { [IRELAND]: { S: version } } });
    await api.delete(id);
    const tombstone = await table.stored(id);
    assert.deepEqual(Object.keys(tombstone ?? {}).sort(), [
      "deleted",
      "expiresAt",
      "id",
      "origin",
      "seen",
      "version",
    ]);
    assert.deepEqual(tombstone?.seen, { M: { [IRELAND]: edited?.version } });
  });

  it("writes a tombstone for a ticket that has not arrived", async () => {
    assert.equal((await api.delete(idOf(77))).status, 204);
    assert.deepEqual((await table.stored(idOf(77)))?.deleted, { BOOL: true });
    assert.deepEqual(
      logs.metrics.map(({ UnknownIdsDeleted }) => UnknownIdsDeleted),
      [1],
    );
  });

  it("writes nothing for an edit that changes nothing", async () => {
    const ticket = await create();
    const response = await api.update(ticket.id, { subject: ticket.subject });
    assert.deepEqual([response.status, response.body], [200, ticket]);
  });

  it("applies every one of several concurrent edits", async () => {
    const { id } = await create();
    const edits = {
      subject: "Cold",
      description: "Since Monday",
      customer: "Ada",
      assignee: "Bob",
      status: "closed",
    };
    const responses = await Promise.all(
      Object.entries(edits).map(([name, value]) => api.update(id, { [name]: value })),
    );
    assert.deepEqual(
      responses.map(({ status }) => status),
      [200, 200, 200, 200, 200],
    );
    const { body } = await api.get(id);
    for (const [name, value] of Object.entries(edits)) assert.equal(body[name], value);
    assert.equal(new Set(responses.map((response) => response.body.version)).size, 5);
  });

  it("lists all statuses page by page, newest first", async () => {
    const statuses = ["open", "assigned", "closed"];
    const created: string[] = [];
    for (let number = 0; number < 20; number++)
      created.push((await create({ status: statuses[number % 3] })).id);
    const listed = await listAll({ limit: "3" });
    assert.deepEqual(listed, [...new Set(listed)].sort().reverse());
    assert.deepEqual(
      created.filter((id) => !listed.includes(id)),
      [],
    );
  });

  it("returns a full page that exceeds the 1 MB of one query", async () => {
    const description = "x".repeat(300_000);
    const ids = Array.from({ length: 6 }, (_, number) => idOf(number));
    for (const id of ids) await table.store(ticketItem({ id, description, status: "closed" }));
    const { tickets } = (
      await api.list({
        limit: "5",
        status: "closed",
        cursor: ticketCursor(ticketItem({ id: idOf(6) }).listSortKey),
      })
    ).body;
    assert.deepEqual(
      (tickets as Ticket[]).map(({ id }) => id),
      ids.slice(1).reverse(),
    );
  });

  it("lists every ticket and no items with other ids", async () => {
    const ids = Array.from({ length: 3 }, (_, number) => idOf(100 + number));
    for (const id of [...ids, "zebra", "by hand", "yellow", "0"]) await table.store(ticketItem({ id }));
    const listed = await listAll({ limit: "1", status: "open" });
    assert.deepEqual(listed.slice(-3), [...ids].reverse());
    for (const id of listed) assert.match(id, /^[0-9A-Z]{26}$/);
  });

  for (const [what, replaced] of Object.entries({ no: undefined, "an empty": "" }))
    it(`edits and deletes an item that was written by hand with ${what} version`, async () => {
      const { version, ...item } = ticketItem({ id: idOf(200) });
      await table.store({ ...item, ...(replaced !== undefined && { version: replaced }) });
      const edited = await api.update(item.id, { subject: "Fixed" });
      assert.deepEqual([edited.status, edited.body.subject], [200, "Fixed"]);
      assert.ok(edited.body.version >= version);
      await table.store({ ...item, ...(replaced !== undefined && { version: replaced }) });
      assert.equal((await api.delete(item.id)).status, 204);
    });

  it("rejects invalid requests without writing", async () => {
    const { id, version } = await create();
    assert.equal((await api.create({ subject: "" })).status, 400);
    assert.equal((await api.update(id, { version: "x" })).status, 400);
    assert.equal((await api.list({ cursor: "x" })).status, 400);
    assert.equal((await api.get("1")).status, 400);
    assert.deepEqual((await table.stored(id))?.version, { S: version });
  });
});
