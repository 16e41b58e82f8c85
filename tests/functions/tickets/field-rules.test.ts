import assert from "node:assert/strict";
import { createTicketOperation } from "../../../functions/tickets/create";
import type { Ticket } from "../../../functions/tickets/ticket";
import type { Status } from "../../../functions/tickets/ticket-attributes";
import { updateTicketOperation } from "../../../functions/tickets/update";
import { problemOf, send } from "../../../testing/api-calls";
import { MemoryTable } from "../../../testing/memory-table";
import { idOf, IRELAND, NOW, ticketItem, versionAt } from "../../../testing/tickets";

const context = (table: MemoryTable) => ({
  ...{ table, region: IRELAND, now: () => NOW, newId: () => idOf(7) },
  hasConflict: async () => false,
});

const create = async (fields: object): Promise<Ticket> => {
  const operation = createTicketOperation(context(new MemoryTable()));
  return (await send("createTicket", operation, { body: { subject: "Cold", ...fields } })).body as Ticket;
};

const edit = async (before: { status: Status; assignee: string }, changes: object): Promise<Ticket> => {
  const ticket = ticketItem({ ...before, version: versionAt(-1) });
  const operation = updateTicketOperation(context(new MemoryTable([ticket])));
  return (await send("updateTicket", operation, { id: ticket.id, body: changes })).body as Ticket;
};

describe("withDerivedStatus", () => {
  for (const [fields, expected] of [
    [{}, "open"],
    [{ assignee: "Bob" }, "assigned"],
    [{ assignee: "Bob", status: "open" }, "assigned"],
    [{ assignee: "  " }, "open"],
    [{ assignee: "Bob", status: "closed" }, "closed"],
    [{ status: "assigned" }, "assigned"],
  ] as const)
    it(`makes a new ticket with ${JSON.stringify(fields)} ${expected}`, async () =>
      assert.equal((await create(fields)).status, expected));

  for (const [status, assignee, changes, expected] of [
    ["open", "", { assignee: "Bob" }, "assigned"],
    ["open", "", { assignee: " Bob ", status: "open" }, "assigned"],
    ["open", "", { assignee: " " }, "open"],
    ["open", "", { subject: "Warm" }, "open"],
    ["assigned", "Bob", { assignee: "Eve" }, "assigned"],
    ["assigned", "Bob", { assignee: "" }, "open"],
    ["assigned", "Bob", { assignee: " " }, "open"],
    ["assigned", "Bob", { assignee: "", status: "assigned" }, "assigned"],
    ["assigned", "Bob", { assignee: "", status: "closed" }, "closed"],
    ["assigned", "Bob", { status: "open" }, "assigned"],
    ["closed", "", { assignee: "Bob" }, "closed"],
    ["closed", "Bob", { assignee: "" }, "closed"],
    ["closed", "Bob", { status: "open" }, "assigned"],
    ["closed", "", { status: "open" }, "open"],
  ] as const)
    it(`makes a ticket that is ${status} with the assignee "${assignee}" ${expected} by ${JSON.stringify(changes)}`, async () =>
      assert.equal((await edit({ status, assignee }, changes)).status, expected));

  it("returns the same response for a repeated edit", async () => {
    const table = new MemoryTable([ticketItem({ version: versionAt(-1) })]);
    const assign = () =>
      send("updateTicket", updateTicketOperation(context(table)), {
        id: idOf(1),
        body: { assignee: "Bob" },
        headers: { "if-match": `"${versionAt(-1)}"` },
      });
    const { written, ...first } = await assign();
    assert.equal(written?.version, versionAt(0));
    assert.deepEqual(await assign(), first);
    assert.equal(table.puts, 1);
  });
});

describe("POST and PATCH of texts", () => {
  it("stores texts without white space at both ends, so that blank ones are empty", async () => {
    const texts = {
      subject: " Cold ",
      description: "\r\n one\n two \n",
      customer: "  ",
      assignee: "\u00a0Bob",
    };
    const { subject, description, customer, assignee } = await create(texts);
    assert.deepEqual([subject, description, customer, assignee], ["Cold", "one\n two", "", "Bob"]);
    const edited = await edit({ status: "open", assignee: "" }, texts);
    assert.deepEqual([edited.subject, edited.customer, edited.assignee], ["Cold", "", "Bob"]);
  });

  const controls = [0x00, 0x01, 0x08, 0x09, 0x0a, 0x0d, 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0x9f];
  for (const code of controls)
    it(`rejects the control character U+${code.toString(16).padStart(4, "0")}`, async () => {
      const text = `a${String.fromCharCode(code)}b`;
      const body = { subject: text, description: text, customer: text, assignee: text };
      const inDescription = [0x09, 0x0a, 0x0d].includes(code) ? [] : ["description"];
      const expected = ["assignee", "customer", ...inDescription, "subject"];
      for (const action of [() => create(body), () => edit({ status: "open", assignee: "" }, body)]) {
        const { problem } = await problemOf(action);
        assert.equal(problem.status, 400);
        assert.deepEqual(problem.errors?.map(({ field }) => field).sort(), expected);
      }
      for (const [operationId, request] of [
        ["listTickets", { query: { assignee: text } }],
        ["createTicket", { body: { subject: "Cold" }, headers: { "idempotency-key": text } }],
        ["updateTicket", { id: idOf(1), body: { resolvedConflict: `${versionAt(0)}${text}` } }],
        ["getTicket", { id: `${idOf(1)}${text}` }],
      ] as const) {
        const { problem } = await problemOf(() =>
          send(operationId, () => assert.fail("The request must not reach the operation."), request),
        );
        assert.equal(problem.status, 400, operationId);
      }
    });

  it("checks texts in linear time", async () => {
    const started = performance.now();
    for (const subject of [`${"a".repeat(60_000)}\u0001`, " ".repeat(60_000), `${"a ".repeat(30_000)}\u0001`])
      assert.equal((await problemOf(() => create({ subject }))).problem.status, 400);
    assert.ok(performance.now() - started < 5000);
  });
});
