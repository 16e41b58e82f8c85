import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { Ticket } from "../../../functions/tickets/ticket";
import { updateTicketOperation, type UpdateContext } from "../../../functions/tickets/update";
import { problemOf, send } from "../../../testing/api-calls";
import { MemoryTable } from "../../../testing/memory-table";
import { idOf, IRELAND, NOW, SINGAPORE, ticketItem, tombstone, versionAt } from "../../../testing/tickets";

describe("PATCH /tickets/{id}", () => {
  const seen = { [IRELAND]: versionAt(-50) };
  const before = ticketItem({ version: versionAt(-20, SINGAPORE), origin: SINGAPORE, seen });
  let table: MemoryTable;
  let conflicts: readonly (readonly [id: string, losingVersion: string])[];
  let context: UpdateContext;
  beforeEach(() => {
    table = new MemoryTable([before]);
    conflicts = [];
    const hasConflict: UpdateContext["hasConflict"] = async (...wanted) =>
      conflicts.some((conflict) => isDeepStrictEqual(conflict, wanted));
    context = { table, region: IRELAND, now: () => NOW, hasConflict };
  });
  const edit = (body: object, id = before.id, ifMatch?: string): ReturnType<typeof send> =>
    send("updateTicket", updateTicketOperation(context), {
      id,
      body,
      headers: ifMatch === undefined ? {} : { "if-match": ifMatch },
    });

  it("stores the change as a write of this region that has seen the previous write", async () => {
    await edit({ status: "closed" });
    assert.deepEqual(table.items.get(before.id), {
      ...before,
      status: "closed",
      assigneeStatus: "closed#",
      statusShard: before.statusShard.replace("open", "closed"),
      assigneeShard: before.assigneeShard.replace("open", "closed"),
      updatedAt: new Date(NOW).toISOString(),
      version: versionAt(0),
      origin: IRELAND,
      seen: { [IRELAND]: versionAt(-50), [SINGAPORE]: versionAt(-20, SINGAPORE) },
    });
  });

  it("returns 200 with the edited ticket and its ETag", async () => {
    const { status, body, headers } = await edit({ subject: "Heating works" });
    assert.equal(status, 200);
    assert.deepEqual(headers, { etag: `"${versionAt(0)}"` });
    assert.deepEqual([(body as Ticket).subject, (body as Ticket).version], ["Heating works", versionAt(0)]);
    assert.equal("seen" in (body as Ticket), false);
  });

  it("keeps unknown attributes", async () => {
    table.write({ ...before, color: "red" } as typeof before);
    await edit({ status: "closed" });
    assert.equal((table.items.get(before.id) as unknown as { color: string }).color, "red");
  });

  it("writes nothing if nothing changes", async () => {
    const { status, body } = await edit({ status: before.status, subject: before.subject });
    assert.deepEqual([status, (body as Ticket).version], [200, before.version]);
    assert.equal(table.puts, 0);
  });

  for (const [what, id] of Object.entries({ deleted: idOf(2), unknown: idOf(3) }))
    it(`returns 404 for the id of ${what === "deleted" ? "a deleted ticket" : "no ticket"} and writes nothing`, async () => {
      table.write(tombstone({ id: idOf(2) }));
      assert.equal((await problemOf(() => edit({ status: "closed" }, id))).problem.status, 404);
      assert.equal(table.puts, 0);
    });

  it("returns 400 for an invalid field or id and writes nothing", async () => {
    assert.equal((await problemOf(() => edit({ status: "gone" }))).problem.status, 400);
    assert.equal((await problemOf(() => edit({ status: "closed" }, "1"))).problem.status, 400);
    assert.equal(table.puts, 0);
  });

  it("adds the listing attributes to a ticket that was written by hand", async () => {
    const { listSortKey, assigneeStatus, ...byHand } = before;
    table.write(byHand as typeof before);
    await edit({ assignee: "Bob" });
    const { listSortKey: added, assigneeStatus: assigned } = table.items.get(before.id) as typeof before;
    assert.deepEqual([added, assigned], [listSortKey, "assigned#Bob"]);
    assert.equal(assigneeStatus, "open#");
  });

  describe("with resolvedConflict", () => {
    const resolvedConflict = versionAt(-30);
    const rejected = async (body: object): Promise<number> => {
      const { problem } = await problemOf(() => edit(body));
      assert.deepEqual(
        problem.errors?.map(({ field }) => field),
        ["resolvedConflict"],
      );
      assert.equal(table.puts, 0);
      return problem.status;
    };

    it("returns 400 for a version that is newer than the ticket", async () => {
      conflicts = [[before.id, versionAt(0)]];
      assert.equal(await rejected({ resolvedConflict: versionAt(0) }), 400);
    });

    it("stores and returns the losing version of a conflict of the ticket", async () => {
      conflicts = [[before.id, resolvedConflict]];
      const { body } = await edit({ resolvedConflict });
      assert.equal((body as Ticket).resolvedConflict, resolvedConflict);
      assert.equal((table.items.get(before.id) as typeof before).resolvedConflict, resolvedConflict);
    });

    it("returns 409 for a version of no conflict, of another conflict, and of a conflict of another ticket", async () => {
      assert.equal(await rejected({ resolvedConflict }), 409);
      conflicts = [[before.id, versionAt(-31)]];
      assert.equal(await rejected({ resolvedConflict, subject: "Heating works" }), 409);
      conflicts = [[idOf(2), resolvedConflict]];
      assert.equal(await rejected({ resolvedConflict }), 409);
    });

    it("keeps the version that the ticket has, also after the entry of its conflict has expired", async () => {
      table.write({ ...before, resolvedConflict });
      const { status, body } = await edit({ resolvedConflict, subject: "Heating works" });
      assert.deepEqual([status, (body as Ticket).resolvedConflict], [200, resolvedConflict]);
      assert.equal(await edit({ resolvedConflict }).then((again) => again.status), 200);
    });

    it("returns the same response again after the entry has expired, if the edit was already applied", async () => {
      conflicts = [[before.id, resolvedConflict]];
      const etag = `"${before.version}"`;
      const { written, ...first } = await edit({ resolvedConflict }, before.id, etag);
      assert.equal(written?.ticketId, before.id);
      conflicts = [];
      assert.deepEqual(await edit({ resolvedConflict }, before.id, etag), first);
    });

    it("returns 404 and 412 before 409, which would hide them", async () => {
      assert.equal(
        (await problemOf(() => edit({ resolvedConflict }, before.id, '"other"'))).problem.status,
        412,
      );
      assert.equal((await problemOf(() => edit({ resolvedConflict }, idOf(3)))).problem.status, 404);
    });

    it("reads no conflict for an edit without it", async () => {
      context = { ...context, hasConflict: () => assert.fail("The conflict table must not be read.") };
      assert.equal((await edit({ subject: "Heating works" })).status, 200);
    });
  });

  describe("with If-Match", () => {
    const etag = `"${before.version}"`;

    for (const ifMatch of [etag, "*", `"other", ${etag}`])
      it(`edits a ticket that matches ${ifMatch}`, async () => {
        assert.equal((await edit({ status: "closed" }, before.id, ifMatch)).status, 200);
        assert.equal(table.items.get(before.id)?.version, versionAt(0));
      });

    for (const ifMatch of [`"${versionAt(-21, SINGAPORE)}"`, `W/${etag}`, '""'])
      it(`returns 412 and writes nothing for a ticket that does not match ${ifMatch}`, async () => {
        for (const body of [{ status: "closed" }, { status: before.status }]) {
          const { problem } = await problemOf(() => edit(body, before.id, ifMatch));
          assert.equal(problem.status, 412);
          assert.match(problem.detail, new RegExp(before.version));
        }
        assert.equal(table.puts, 0);
      });

    it("returns 404, not 412, for an unknown id", async () => {
      for (const ifMatch of [etag, "*"])
        assert.equal(
          (await problemOf(() => edit({ status: "closed" }, idOf(3), ifMatch))).problem.status,
          404,
        );
    });

    it("returns 412 if another write comes between read and write", async () => {
      const other = ticketItem({ ...before, subject: "Other", version: versionAt(1), origin: IRELAND });
      table.beforePut = async () => table.write(other);
      assert.equal((await problemOf(() => edit({ status: "closed" }, before.id, etag))).problem.status, 412);
      assert.deepEqual(table.items.get(before.id), other);
    });

    it("returns the same response again if the edit was already applied to that version, and writes nothing", async () => {
      const { written, ...first } = await edit({ status: "closed" }, before.id, etag);
      assert.equal(written?.ticketId, before.id);
      assert.deepEqual(await edit({ status: "closed" }, before.id, etag), first);
      assert.equal(table.puts, 1);
    });

    it("succeeds if the SDK retries a put whose response was lost", async () => {
      const put = table.put.bind(table);
      table.put = async (...write) => (await put(...write)) && (await put(...write));
      assert.equal((await edit({ status: "closed" }, before.id, etag)).status, 200);
    });

    it("returns 412 after another edit, even if the ticket already has the requested value", async () => {
      await edit({ status: "closed" }, before.id, etag);
      await edit({ subject: "Other" });
      assert.equal((await problemOf(() => edit({ status: "closed" }, before.id, etag))).problem.status, 412);
    });
  });
});
