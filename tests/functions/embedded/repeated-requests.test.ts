import assert from "node:assert/strict";
import { ulid } from "ulid";
import type { Ticket } from "../../../functions/tickets/ticket";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { IRELAND } from "../../../testing/tickets";
import { EmbeddedTable, FAKE_CREDENTIALS, TABLE_VARIABLES } from "./embedded-table";
import { TicketApi, ticketApi } from "./api-handlers";

describe("repeated request on an emulated DynamoDB", () => {
  captureLogs();
  withEnvironment({ AWS_REGION: IRELAND, ...TABLE_VARIABLES, ...FAKE_CREDENTIALS });
  new EmbeddedTable();
  let api: TicketApi;
  before(() => (api = ticketApi()));

  const BODY = { subject: "No heating" };
  const keyed = (key: string, body: object = BODY): ReturnType<TicketApi["create"]> =>
    api.create(body, { "idempotency-key": key });

  it("creates one ticket per idempotency key, also if sent concurrently", async () => {
    const key = ulid();
    const responses = await Promise.all(Array.from({ length: 10 }, () => keyed(key)));
    assert.deepEqual(
      responses.map(({ status }) => status),
      Array(10).fill(201),
    );
    const [{ body: ticket }] = responses;
    for (const { body } of responses) assert.deepEqual(body, ticket);
    const replayed = responses.filter(({ headers }) => headers["idempotency-replayed"] === "true");
    assert.equal(replayed.length, 9);
    const { tickets } = (await api.list()).body as { tickets: Ticket[] };
    assert.deepEqual(
      tickets.map(({ id }) => id),
      [ticket.id],
    );
  });

  it("returns the current ticket of the key, and 409 after its deletion", async () => {
    const created = await keyed("order-7");
    const { body: edited } = await api.update(created.body.id, { status: "closed" });
    const again = await keyed("order-7");
    assert.deepEqual([again.status, again.body], [201, edited]);
    assert.equal(again.headers.etag, `"${edited.version}"`);
    await api.delete(created.body.id);
    assert.equal((await keyed("order-7")).status, 409);
    assert.equal((await api.get(created.body.id)).status, 404);
  });

  it("returns 422 for a key that was used with another body", async () => {
    const { body: ticket } = await keyed("order-8");
    const other = await keyed("order-8", { subject: "No water" });
    assert.equal(other.status, 422);
    assert.deepEqual((await api.get(ticket.id)).body, ticket);
  });

  it("is applied exactly once with If-Match", async () => {
    const { body: ticket, headers } = await api.create(BODY);
    const ifMatch = { "if-match": headers.etag as string };
    const edited = await api.update(ticket.id, { status: "closed" }, ifMatch);
    assert.equal(edited.status, 200);
    const again = await api.update(ticket.id, { status: "closed" }, ifMatch);
    assert.deepEqual([again.status, again.body], [200, edited.body]);
    assert.equal((await api.update(ticket.id, { status: "open" }, ifMatch)).status, 412);
    assert.equal((await api.delete(ticket.id, ifMatch)).status, 412);
    const current = { "if-match": edited.headers.etag as string };
    assert.equal((await api.delete(ticket.id, current)).status, 204);
    assert.equal((await api.delete(ticket.id, current)).status, 204);
  });

  it("returns 304 for a known version in If-None-Match", async () => {
    const { body: ticket, headers } = await api.create(BODY);
    const response = await api.get(ticket.id, { "if-none-match": headers.etag as string });
    assert.deepEqual([response.status, response.text, response.headers.etag], [304, "", headers.etag]);
  });

  it("applies only one of several concurrent edits with the same If-Match", async () => {
    const { body: ticket, headers } = await api.create(BODY);
    const responses = await Promise.all(
      ["Ada", "Bob", "Eve"].map((assignee) =>
        api.update(ticket.id, { assignee }, { "if-match": headers.etag as string }),
      ),
    );
    assert.deepEqual(responses.map(({ status }) => status).sort(), [200, 412, 412]);
  });
});
