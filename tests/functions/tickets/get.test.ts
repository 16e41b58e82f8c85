import assert from "node:assert/strict";
import { getTicketOperation } from "../../../functions/tickets/get";
import { toTicket } from "../../../functions/tickets/ticket";
import { problemOf, send } from "../../../testing/api-calls";
import { MemoryTable } from "../../../testing/memory-table";
import { idOf, ticketItem, tombstone, versionAt } from "../../../testing/tickets";

describe("getting a ticket", () => {
  const operation = getTicketOperation(
    new MemoryTable([ticketItem({ id: idOf(1) }), tombstone({ id: idOf(2) })]),
  );
  const get = (id: string, ifNoneMatch?: string): ReturnType<typeof send> =>
    send("getTicket", operation, {
      id,
      headers: ifNoneMatch === undefined ? {} : { "if-none-match": ifNoneMatch },
    });
  const etag = `"${versionAt(0)}"`;

  it("answers 200 with the ticket, without what only replication needs", async () => {
    const { seen, listSortKey, assigneeStatus, ...shown } = ticketItem({ id: idOf(1) });
    assert.ok(seen && listSortKey && assigneeStatus);
    assert.deepEqual(await get(idOf(1)), { status: 200, body: shown, headers: { etag } });
    assert.deepEqual(toTicket(ticketItem({ id: idOf(1) })), shown);
  });

  for (const [what, id] of Object.entries({ "was deleted": idOf(2), "never was": idOf(3) }))
    it(`answers 404 for one that ${what}`, async () => {
      const { problem } = await problemOf(() => get(id));
      assert.equal(problem.status, 404);
      assert.match(problem.detail, new RegExp(id));
    });

  it("answers 400 for what is no id", async () => {
    assert.equal((await problemOf(() => get("canary-eu-west-1"))).problem.status, 400);
  });

  for (const known of [etag, `W/${etag}`, "*", ` "other" , ${etag}`])
    it(`answers 304 without a body to one who knows ${known}`, async () =>
      assert.deepEqual(await get(idOf(1), known), { status: 304, headers: { etag } }));

  for (const known of [`"${versionAt(1)}"`, '"other", W/"another"', '""'])
    it(`answers 200 to one who knows ${known}`, async () =>
      assert.equal((await get(idOf(1), known)).status, 200));

  it("answers 404 for what is not there, whatever the client knows", async () =>
    assert.equal((await problemOf(() => get(idOf(2), "*"))).problem.status, 404));
});
