import assert from "node:assert/strict";
import type { Operation } from "../../../functions/http/api";
import { MAXIMUM_AHEAD_MS, parseVersion } from "../../../functions/replication/version";
import { mayBeSaved } from "../../../functions/shared/uncertain-write";
import { deleteTicketOperation } from "../../../functions/tickets/delete";
import { TicketItem } from "../../../functions/tickets/ticket";
import { updateTicketOperation } from "../../../functions/tickets/update";
import { call, problemOf } from "../../../testing/api-calls";
import { MemoryTable } from "../../../testing/memory-table";
import { IRELAND, NOW, SINGAPORE, ticketItem, versionAt } from "../../../testing/tickets";

const BODY = { status: "closed" };
const ATTEMPTS = 5;

for (const [what, operationOf] of Object.entries({
  edit: updateTicketOperation,
  delete: deleteTicketOperation,
}))
  describe(`readThenWrite in a race of ${what} against other writers`, () => {
    const id = ticketItem().id;
    let table: MemoryTable;
    let operation: Operation;
    beforeEach(() => {
      table = new MemoryTable([ticketItem({ version: versionAt(-1000) })]);
      operation = operationOf({ table, region: IRELAND, now: () => NOW, hasConflict: async () => false });
    });

    /** Lets another writer come first a number of times. */
    const loseRaces = (times: number): void => {
      let lost = 0;
      table.beforePut = async () => {
        if (lost++ < times) table.write(ticketItem({ subject: `Other ${lost}`, version: versionAt(lost) }));
      };
    };

    it("retries with the item of the other writer", async () => {
      loseRaces(ATTEMPTS - 1);
      const { status } = await call(operation, { id, body: BODY });
      assert.ok(status < 300);
      const stored = table.items.get(id) as TicketItem;
      assert.equal(stored.seen[IRELAND], versionAt(ATTEMPTS - 1));
      assert.ok(
        stored.version > versionAt(ATTEMPTS - 1),
        "The version must be newer than the version it has seen.",
      );
      if (what === "edit") assert.equal(stored.subject, `Other ${ATTEMPTS - 1}`);
    });

    it("returns 409 after the last attempt and writes nothing", async () => {
      loseRaces(ATTEMPTS);
      const { problem, headers } = await problemOf(() => call(operation, { id, body: BODY }));
      assert.equal(problem.status, 409);
      assert.equal(headers["retry-after"], "1");
      assert.equal((table.items.get(id) as TicketItem).subject, `Other ${ATTEMPTS}`);
    });

    it("does not retry if the table fails", async () => {
      table.beforePut = async () => Promise.reject(new Error("The table is down."));
      await assert.rejects(call(operation, { id, body: BODY }), /The table is down/);
      assert.equal(table.puts, 1);
    });

    it("throws an error that marks the item as possibly written if a race is lost after an attempt without a response", async () => {
      for (const [attempts, headers] of [
        [1, { "if-match": `"${versionAt(-1000)}"` }],
        [ATTEMPTS, {}],
      ] as const) {
        loseRaces(attempts);
        const { put } = table;
        table.put = async (...args) => (await put.apply(table, args)) || undefined;
        await assert.rejects(call(operation, { id, body: BODY, headers }), (error) => mayBeSaved(error));
        table = new MemoryTable([ticketItem({ version: versionAt(-1000) })]);
        operation = operationOf({ table, region: IRELAND, now: () => NOW, hasConflict: async () => false });
      }
    });

    it("creates a newer version if this region's clock is behind", async () => {
      const ahead = versionAt(MAXIMUM_AHEAD_MS, SINGAPORE);
      table.write(ticketItem({ version: ahead, origin: SINGAPORE }));
      await call(operation, { id, body: BODY });
      const { version } = table.items.get(id) as TicketItem;
      assert.ok(version > ahead);
      assert.equal(parseVersion(version)?.region, IRELAND);
    });

    it("returns 503 and writes nothing if one of the clocks must be wrong", async () => {
      const ahead = versionAt(MAXIMUM_AHEAD_MS + 1500, SINGAPORE);
      table.write(ticketItem({ version: ahead, origin: SINGAPORE }));
      const { problem, headers } = await problemOf(() => call(operation, { id, body: BODY }));
      assert.equal(problem.status, 503);
      assert.equal(headers["retry-after"], "2");
      assert.equal(table.items.get(id)?.version, ahead);
      assert.equal(table.puts, 0);
    });

    it("lets as many concurrent writers as attempts succeed", async () => {
      const subjects = Array.from({ length: ATTEMPTS }, (_, index) => ({ subject: `Writer ${index}` }));
      const responses = await Promise.all(subjects.map((body) => call(operation, { id, body })));
      assert.ok(responses.every(({ status }) => status < 300));
    });
  });
