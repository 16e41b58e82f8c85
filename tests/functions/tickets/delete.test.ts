import assert from "node:assert/strict";
import {
  type DeleteContext,
  deleteTicketOperation,
  TOMBSTONE_SECONDS,
} from "../../../functions/tickets/delete";
import { problemOf, send } from "../../../testing/api-calls";
import { MemoryTable } from "../../../testing/memory-table";
import { idOf, IRELAND, NOW, SINGAPORE, ticketItem, versionAt } from "../../../testing/tickets";

describe("DELETE /tickets/{id}", () => {
  const before = ticketItem({ version: versionAt(-20, SINGAPORE), origin: SINGAPORE });
  let table: MemoryTable;
  let context: DeleteContext;
  let unknown: number;
  beforeEach(() => {
    table = new MemoryTable([before]);
    unknown = 0;
    context = { table, region: IRELAND, now: () => NOW, onUnknownId: () => unknown++ };
  });
  const remove = (id = before.id, ifMatch?: string): ReturnType<typeof send> =>
    send("deleteTicket", deleteTicketOperation(context), {
      id,
      headers: ifMatch === undefined ? {} : { "if-match": ifMatch },
    });
  const written = { deleted: true, version: versionAt(0), origin: IRELAND };
  const expiresAt = NOW / 1000 + 30 * 24 * 60 * 60;

  it("writes a tombstone that has seen the last write and expires after 30 days", async () => {
    const { status, written: logged } = await remove();
    assert.deepEqual([status, logged], [204, { ticketId: before.id, version: versionAt(0) }]);
    const seen = { [SINGAPORE]: before.version };
    assert.deepEqual(table.items.get(before.id), { id: before.id, ...written, expiresAt, seen });
    assert.equal(expiresAt, NOW / 1000 + TOMBSTONE_SECONDS);
  });

  it("writes a tombstone for a ticket that has not reached this region", async () => {
    assert.equal((await remove(idOf(7))).status, 204);
    assert.deepEqual(table.items.get(idOf(7)), { id: idOf(7), ...written, expiresAt, seen: {} });
  });

  it("counts an id without an item in this region once", async () => {
    await remove();
    assert.equal(unknown, 0);
    for (let time = 0; time < 2; time++) await remove(idOf(7));
    assert.equal(unknown, 1);
    await problemOf(() => remove(idOf(8), `"${versionAt(0)}"`));
    assert.equal(unknown, 1);
  });

  it("writes nothing for a second delete", async () => {
    await remove();
    const tombstone = table.items.get(before.id);
    assert.deepEqual(await remove(), { status: 204 });
    assert.equal(table.puts, 1);
    assert.deepEqual(table.items.get(before.id), tombstone);
  });

  const DAY_MS = 24 * 60 * 60 * 1000;
  for (const [what, milliseconds] of [
    ["that is more than a day old", DAY_MS + 1],
    ["that is about to expire", 30 * DAY_MS - 1],
    ["that has expired and is not purged", 33 * DAY_MS],
  ] as const)
    it(`renews a tombstone ${what}, as it would write one after the purge`, async () => {
      await remove();
      context = { ...context, now: () => NOW + milliseconds };
      const version = versionAt(milliseconds);
      const response = await remove();
      assert.deepEqual(response, { status: 204, written: { ticketId: before.id, version } });
      const seen = { [SINGAPORE]: before.version, [IRELAND]: versionAt(0) };
      const renewed = { expiresAt: expiresAt + Math.floor(milliseconds / 1000), version, seen };
      assert.deepEqual(table.items.get(before.id), { id: before.id, ...written, ...renewed });
      assert.equal(unknown, 0);
    });

  it("returns 400 for a malformed id and writes nothing", async () => {
    assert.equal((await problemOf(() => remove("canary-eu-west-1"))).problem.status, 400);
    assert.equal(table.puts, 0);
  });

  describe("with If-Match", () => {
    const etag = `"${before.version}"`;

    for (const ifMatch of [etag, "*"])
      it(`deletes a ticket that matches ${ifMatch}`, async () => {
        assert.equal((await remove(before.id, ifMatch)).status, 204);
        assert.equal(table.items.get(before.id)?.deleted, true);
      });

    for (const [ifMatch, id] of [
      [`"${versionAt(0)}"`, before.id],
      [`W/${etag}`, before.id],
      ["*", idOf(7)],
      [etag, idOf(7)],
    ])
      it(`returns 412 and writes nothing if ${id} does not match ${ifMatch}`, async () => {
        const { problem } = await problemOf(() => remove(id, ifMatch));
        assert.equal(problem.status, 412);
        assert.match(
          problem.detail,
          id === before.id ? new RegExp(`^The current ETag is ${etag}\\.`) : /^This region has no/,
        );
        assert.equal(table.puts, 0);
      });

    it("returns 204 again if that version was already deleted", async () => {
      await remove(before.id, etag);
      assert.equal((await remove(before.id, etag)).status, 204);
      assert.equal(table.puts, 1);
    });

    it("returns 412 and writes nothing if that version was deleted more than a day ago, as after the purge", async () => {
      await remove(before.id, etag);
      context = { ...context, now: () => NOW + DAY_MS + 1 };
      for (let time = 0; time < 2; time++) {
        const { problem } = await problemOf(() => remove(before.id, etag));
        assert.equal(problem.status, 412);
        assert.match(problem.detail, /^This region has no ticket/);
      }
      assert.equal(table.puts, 1);
    });

    it("returns 412 if another version was deleted", async () => {
      table.write(ticketItem({ version: versionAt(-1), seen: { [SINGAPORE]: before.version } }));
      await remove();
      assert.equal((await problemOf(() => remove(before.id, etag))).problem.status, 412);
    });
  });
});
