import assert from "node:assert/strict";
import type { Ticket } from "../../../functions/tickets/ticket";
import { IRELAND, NOW } from "../../../testing/tickets";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { type TicketApi, ticketApi } from "./api-handlers";
import { EmbeddedTable, FAKE_CREDENTIALS, TABLE_VARIABLES } from "./embedded-table";

const DELAY_MS = 300;

describe("lists from indexes that are late", () => {
  captureLogs();
  withEnvironment({ AWS_REGION: IRELAND, ...TABLE_VARIABLES, ...FAKE_CREDENTIALS });
  let now = NOW;
  new EmbeddedTable(IRELAND, { now: () => now, indexDelayMs: DELAY_MS });
  let api: TicketApi;
  before(() => (api = ticketApi()));

  const listed = async (query: Record<string, string>): Promise<Ticket[]> =>
    (await api.list(query)).body.tickets as Ticket[];
  const idsOf = async (status: string): Promise<string[]> => (await listed({ status })).map(({ id }) => id);

  it("show the current content of a ticket, and no ticket that no longer matches", async () => {
    const { id } = (await api.create({ subject: "No heating" })).body as Ticket;
    assert.deepEqual(await idsOf("open"), []);
    now += DELAY_MS;
    assert.deepEqual(await idsOf("open"), [id]);

    await api.update(id, { subject: "No water" });
    assert.equal((await listed({}))[0].subject, "No water");

    await api.update(id, { status: "closed" });
    assert.deepEqual([await idsOf("open"), await idsOf("closed")], [[], []]);
    // The entry of the old status is still there, and so is the ticket.
    assert.deepEqual(
      (await listed({})).map(({ status }) => status),
      ["closed"],
    );
    now += DELAY_MS;
    assert.deepEqual([await idsOf("open"), await idsOf("closed")], [[], [id]]);

    await api.delete(id);
    assert.deepEqual(await listed({}), []);
  });

  it("return complete pages although entries no longer match", async () => {
    for (let number = 0; number < 6; number++) await api.create({ subject: `${number}`, assignee: "Bob" });
    now += DELAY_MS;
    const ids = (await listed({ assignee: "Bob" })).map(({ id }) => id);
    for (const id of [ids[0], ids[2], ids[3]]) await api.update(id, { assignee: "Ada" });
    const { body } = await api.list({ assignee: "Bob", limit: "2" });
    assert.deepEqual(
      (body.tickets as Ticket[]).map(({ id }) => id),
      [ids[1], ids[4]],
    );
    const next = await api.list({ assignee: "Bob", limit: "2", cursor: body.cursor });
    assert.deepEqual(
      (next.body.tickets as Ticket[]).map(({ id }) => id),
      [ids[5]],
    );
  });
});
