import assert from "node:assert/strict";
import { ulid } from "ulid";
import type { Ticket } from "../../../functions/tickets/ticket";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { IRELAND } from "../../../testing/tickets";
import { EmbeddedTable, FAKE_CREDENTIALS, TABLE_NAME } from "./embedded-table";
import { TicketApi, ticketApi } from "./api-handlers";

describe("requests that are sent again, on a DynamoDB", () => {
  captureLogs();
  withEnvironment({ AWS_REGION: IRELAND, TABLE_NAME, ...FAKE_CREDENTIALS });
  new EmbeddedTable();
  let api: TicketApi;
  before(() => (api = ticketApi()));

  const BODY = { subject: "No heating" };
  const keyed = (key: string, body: object = BODY): ReturnType<TicketApi["create"]> =>
    api.create(body, { "idempotency-key": key });

  it("make one ticket with one idempotency key, also many at the same time", async () => {
    const key = ulid();
    const answers = await Promise.all(Array.from({ length: 10 }, () => keyed(key)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      Array(10).fill(201),
    );
    const [{ body: ticket }] = answers;
    for (const { body } of answers) assert.deepEqual(body, ticket);
    const replayed = answers.filter(({ headers }) => headers["idempotency-replayed"] === "true");
    assert.equal(replayed.length, 9);
    const { tickets } = (await api.list()).body as { tickets: Ticket[] };
    assert.deepEqual(
      tickets.map(({ id }) => id),
      [ticket.id],
    );
  });

  it("give the ticket of the key as it is now, and nothing once it is deleted", async () => {
    const created = await keyed("order-7");
    const { body: edited } = await api.update(created.body.id, { status: "closed" });
    const again = await keyed("order-7");
    assert.deepEqual([again.status, again.body], [201, edited]);
    assert.equal(again.headers.etag, `"${edited.version}"`);
    await api.delete(created.body.id);
    assert.equal((await keyed("order-7")).status, 409);
    assert.equal((await api.get(created.body.id)).status, 404);
  });

  it("are refused with 422 when the key was used for another body", async () => {
    const { body: ticket } = await keyed("order-8");
    const other = await keyed("order-8", { subject: "No water" });
    assert.equal(other.status, 422);
    assert.deepEqual((await api.get(ticket.id)).body, ticket);
  });

  it("carry the version that they are about in If-Match, and are done once", async () => {
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

  it("ask for what they know with If-None-Match", async () => {
    const { body: ticket, headers } = await api.create(BODY);
    const answer = await api.get(ticket.id, { "if-none-match": headers.etag as string });
    assert.deepEqual([answer.status, answer.text, answer.headers.etag], [304, "", headers.etag]);
  });

  it("let one of several edits over the same version through", async () => {
    const { body: ticket, headers } = await api.create(BODY);
    const answers = await Promise.all(
      ["Ada", "Bob", "Eve"].map((assignee) =>
        api.update(ticket.id, { assignee }, { "if-match": headers.etag as string }),
      ),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 412, 412]);
  });
});
