import assert from "node:assert/strict";
import type { Ticket } from "../../../functions/tickets/ticket";
import { updateTicketOperation } from "../../../functions/tickets/update";
import type { WriteContext } from "../../../functions/tickets/writes";
import { problemOf, send } from "../../../testing/api-calls";
import { MemoryTable } from "../../../testing/memory-table";
import { idOf, IRELAND, NOW, SINGAPORE, ticketItem, tombstone, versionAt } from "../../../testing/tickets";

describe("editing a ticket", () => {
  const seen = { [IRELAND]: versionAt(-50) };
  const before = ticketItem({ version: versionAt(-20, SINGAPORE), origin: SINGAPORE, seen });
  let table: MemoryTable;
  let context: WriteContext;
  beforeEach(() => {
    table = new MemoryTable([before]);
    context = { table, region: IRELAND, now: () => NOW };
  });
  const edit = (body: object, id = before.id, ifMatch?: string): ReturnType<typeof send> =>
    send("updateTicket", updateTicketOperation(context), {
      id,
      body,
      headers: ifMatch === undefined ? {} : { "if-match": ifMatch },
    });

  it("stores the change, as a write of this region that has seen the one before", async () => {
    await edit({ status: "closed" });
    assert.deepEqual(table.items.get(before.id), {
      ...before,
      status: "closed",
      assigneeStatus: "closed#",
      updatedAt: new Date(NOW).toISOString(),
      version: versionAt(0),
      origin: IRELAND,
      seen: { [IRELAND]: versionAt(-50), [SINGAPORE]: versionAt(-20, SINGAPORE) },
    });
  });

  it("answers 200 with the ticket as it is now, and its ETag", async () => {
    const { status, body, headers } = await edit({ subject: "Heating works" });
    assert.equal(status, 200);
    assert.deepEqual(headers, { etag: `"${versionAt(0)}"` });
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

  it("gives a ticket that was written by hand its place in the lists", async () => {
    const { listSortKey, assigneeStatus, ...byHand } = before;
    table.write(byHand as typeof before);
    await edit({ assignee: "Bob" });
    const { listSortKey: place, assigneeStatus: assigned } = table.items.get(before.id) as typeof before;
    assert.deepEqual([place, assigned], [listSortKey, "assigned#Bob"]);
    assert.equal(assigneeStatus, "open#");
  });

  it("refuses to note a conflict as settled that is newer than the ticket", async () => {
    const { problem } = await problemOf(() => edit({ resolvedConflict: versionAt(0) }));
    assert.equal(problem.status, 400);
    assert.deepEqual(
      problem.errors?.map(({ field }) => field),
      ["resolvedConflict"],
    );
    assert.equal(table.puts, 0);
  });

  it("notes which conflict somebody has settled, and tells it", async () => {
    const resolvedConflict = versionAt(-30);
    const { body } = await edit({ resolvedConflict });
    assert.equal((body as Ticket).resolvedConflict, resolvedConflict);
    assert.equal((table.items.get(before.id) as typeof before).resolvedConflict, resolvedConflict);
  });

  describe("with If-Match", () => {
    const etag = `"${before.version}"`;

    for (const ifMatch of [etag, "*", `"other", ${etag}`])
      it(`is done when the ticket matches ${ifMatch}`, async () => {
        assert.equal((await edit({ status: "closed" }, before.id, ifMatch)).status, 200);
        assert.equal(table.items.get(before.id)?.version, versionAt(0));
      });

    for (const ifMatch of [`"${versionAt(-21, SINGAPORE)}"`, `W/${etag}`, '""'])
      it(`answers 412 and writes nothing when it does not match ${ifMatch}`, async () => {
        for (const body of [{ status: "closed" }, { status: before.status }]) {
          const { problem } = await problemOf(() => edit(body, before.id, ifMatch));
          assert.equal(problem.status, 412);
          assert.match(problem.detail, new RegExp(before.version));
        }
        assert.equal(table.puts, 0);
      });

    it("answers 404, not 412, where there is no ticket", async () => {
      for (const ifMatch of [etag, "*"])
        assert.equal(
          (await problemOf(() => edit({ status: "closed" }, idOf(3), ifMatch))).problem.status,
          404,
        );
    });

    it("answers 412 when another write comes between reading and writing", async () => {
      const other = ticketItem({ ...before, subject: "Other", version: versionAt(1), origin: IRELAND });
      table.beforePut = async () => table.write(other);
      assert.equal((await problemOf(() => edit({ status: "closed" }, before.id, etag))).problem.status, 412);
      assert.deepEqual(table.items.get(before.id), other);
    });

    it("succeeds again when it was done over that version already, and writes nothing more", async () => {
      const first = await edit({ status: "closed" }, before.id, etag);
      assert.deepEqual(await edit({ status: "closed" }, before.id, etag), first);
      assert.equal(table.puts, 1);
    });

    it("succeeds when the SDK tried a put again whose answer was lost", async () => {
      const put = table.put.bind(table);
      table.put = async (...write) => (await put(...write)) && (await put(...write));
      assert.equal((await edit({ status: "closed" }, before.id, etag)).status, 200);
    });

    it("answers 412 when somebody else wrote in between, also if the ticket looks the same", async () => {
      await edit({ status: "closed" }, before.id, etag);
      await edit({ subject: "Other" });
      assert.equal((await problemOf(() => edit({ status: "closed" }, before.id, etag))).problem.status, 412);
    });
  });
});
