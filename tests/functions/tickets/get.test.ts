import assert from "node:assert/strict";
import { getTicketOperation } from "../../../functions/tickets/get";
import { toTicket } from "../../../functions/tickets/ticket";
import { call, problemOf } from "../../support/api-calls";
import { MemoryTable } from "../../support/memory-table";
import { idOf, ticketItem, tombstone } from "../../support/tickets";

describe("getting a ticket", () => {
  const get = getTicketOperation(new MemoryTable([ticketItem({ id: idOf(1) }), tombstone({ id: idOf(2) })]));

  it("answers 200 with the ticket, without what only replication needs", async () => {
    const { seen, ...shown } = ticketItem({ id: idOf(1) });
    assert.ok(seen);
    assert.deepEqual(await call(get, { id: idOf(1) }), { status: 200, body: shown });
    assert.deepEqual(toTicket(ticketItem({ id: idOf(1) })), shown);
  });

  for (const [what, id] of Object.entries({ "was deleted": idOf(2), "never was": idOf(3) }))
    it(`answers 404 for one that ${what}`, async () => {
      const { problem } = await problemOf(() => call(get, { id }));
      assert.equal(problem.status, 404);
      assert.match(problem.detail, new RegExp(id));
    });

  it("answers 400 for what is no id", async () => {
    assert.equal((await problemOf(() => call(get, { id: "canary-eu-west-1" }))).problem.status, 400);
  });
});
