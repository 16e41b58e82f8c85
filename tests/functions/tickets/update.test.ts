import assert from "node:assert/strict";
import type { Ticket } from "../../../functions/tickets/ticket";
import { updateTicketOperation } from "../../../functions/tickets/update";
import type { WriteContext } from "../../../functions/tickets/writes";
import { call, problemOf } from "../../support/api-calls";
import { MemoryTable } from "../../support/memory-table";
import { idOf, IRELAND, NOW, SINGAPORE, ticketItem, tombstone, versionAt } from "../../support/tickets";

describe("editing a ticket", () => {
  const seen = { [IRELAND]: versionAt(-50) };
  const before = ticketItem({ version: versionAt(-20, SINGAPORE), origin: SINGAPORE, seen });
  let table: MemoryTable;
  let context: WriteContext;
  beforeEach(() => {
    table = new MemoryTable([before]);
    context = { table, region: IRELAND, now: () => NOW };
  });
  const edit = (body: object, id = before.id): ReturnType<typeof call> =>
    call(updateTicketOperation(context), { id, body });

  it("stores the change, as a write of this region that has seen the one before", async () => {
    await edit({ status: "closed" });
    assert.deepEqual(table.items.get(before.id), {
      ...before,
      status: "closed",
      updatedAt: new Date(NOW).toISOString(),
      version: versionAt(0),
      origin: IRELAND,
      seen: { [IRELAND]: versionAt(-50), [SINGAPORE]: versionAt(-20, SINGAPORE) },
    });
  });

  it("answers 200 with the ticket as it is now", async () => {
    const { status, body } = await edit({ subject: "Heating works" });
    assert.equal(status, 200);
    assert.deepEqual([(body as Ticket).subject, (body as Ticket).version], ["Heating works", versionAt(0)]);
    assert.equal("seen" in (body as Ticket), false);
  });

  it("keeps attributes that it does not know", async () => {
    table.write({ ...before, colour: "red" } as typeof before);
    await edit({ status: "closed" });
    assert.equal((table.items.get(before.id) as unknown as { colour: string }).colour, "red");
  });

  it("writes nothing when nothing changes", async () => {
    const { status, body } = await edit({ status: before.status, subject: before.subject });
    assert.deepEqual([status, (body as Ticket).version], [200, before.version]);
    assert.equal(table.puts, 0);
  });

  for (const [what, id] of Object.entries({ "was deleted": idOf(2), "never was": idOf(3) }))
    it(`answers 404 for one that ${what}, and writes nothing`, async () => {
      table.write(tombstone({ id: idOf(2) }));
      assert.equal((await problemOf(() => edit({ status: "closed" }, id))).problem.status, 404);
      assert.equal(table.puts, 0);
    });

  it("writes nothing when a field or the id is wrong", async () => {
    assert.equal((await problemOf(() => edit({ status: "gone" }))).problem.status, 400);
    assert.equal((await problemOf(() => edit({ status: "closed" }, "1"))).problem.status, 400);
    assert.equal(table.puts, 0);
  });
});
