import assert from "node:assert/strict";
import { getTicketOperation } from "../../../functions/tickets/get";
import { toTicket } from "../../../functions/tickets/ticket";
import { problemOf, send } from "../../../testing/api-calls";
import { MemoryTable } from "../../../testing/memory-table";
import { idOf, ticketItem, tombstone, versionAt } from "../../../testing/tickets";

describe("GET /tickets/{id}", () => {
  const operation = getTicketOperation(
    new MemoryTable([ticketItem({ id: idOf(1) }), tombstone({ id: idOf(2) })]),
  );
  const get = (id: string, ifNoneMatch?: string): ReturnType<typeof send> =>
    send("getTicket", operation, {
      id,
      headers: ifNoneMatch === undefined ? {} : { "if-none-match": ifNoneMatch },
    });
  const etag = `"${versionAt(0)}"`;

  it("returns 200 with the ticket, without replication and listing attributes", async () => {
    const { seen, listSortKey, assigneeStatus, statusShard, assigneeShard, ...shown } = ticketItem({
      id: idOf(1),
    });
    assert.ok(seen && listSortKey && assigneeStatus && statusShard && assigneeShard);
    assert.deepEqual(await get(idOf(1)), { status: 200, body: shown, headers: { etag } });
    assert.deepEqual(toTicket(ticketItem({ id: idOf(1) })), shown);
  });

  for (const [what, id] of Object.entries({ "a deleted": idOf(2), "an unknown": idOf(3) }))
    it(`returns 404 for ${what} ticket`, async () => {
      const { problem } = await problemOf(() => get(id));
      assert.equal(problem.status, 404);
      assert.match(problem.detail, new RegExp(id));
    });

  it("returns 400 for a malformed id", async () => {
    assert.equal((await problemOf(() => get("canary-eu-west-1"))).problem.status, 400);
  });

  for (const known of [etag, `W/${etag}`, "*", ` "other" , ${etag}`])
    it(`returns 304 without a body for If-None-Match: ${known}`, async () =>
      assert.deepEqual(await get(idOf(1), known), { status: 304, headers: { etag } }));

  for (const known of [`"${versionAt(1)}"`, '"other", W/"another"', '""'])
    it(`returns 200 for If-None-Match: ${known}`, async () =>
      assert.equal((await get(idOf(1), known)).status, 200));

  it("returns 404 for a deleted ticket with If-None-Match: *", async () =>
    assert.equal((await problemOf(() => get(idOf(2), "*"))).problem.status, 404));
});
