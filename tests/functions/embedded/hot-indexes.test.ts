import assert from "node:assert/strict";
import { IRELAND, NOW } from "../../../testing/tickets";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { ticketApi } from "./api-handlers";
import { EmbeddedTable, FAKE_CREDENTIALS, TABLE_VARIABLES } from "./embedded-table";

describe("a burst of writes of large tickets", () => {
  captureLogs();
  withEnvironment({ AWS_REGION: IRELAND, ...TABLE_VARIABLES, ...FAKE_CREDENTIALS });
  const table = new EmbeddedTable(IRELAND, { now: () => NOW });

  it("is not throttled by the indexes, although all tickets are open and unassigned", async () => {
    const api = ticketApi();
    // 20 write units for the ticket: 5,000 characters of four bytes.
    const description = "\u{1F525}".repeat(5000);
    const ids: string[] = [];
    for (let number = 0; number < 60; number++) {
      const { status, body } = await api.create({ subject: `${number}`, customer: "Ada", description });
      assert.equal(status, 201);
      ids.push((body as { id: string }).id);
    }
    for (const id of ids) {
      const { status } = await api.update(id, { assignee: "Bob", status: "assigned" });
      assert.equal(status, 200);
    }
    assert.equal((await table.stored(ids[59]))?.status.S, "assigned");
  });
});
