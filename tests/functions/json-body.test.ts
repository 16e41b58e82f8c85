import assert from "node:assert/strict";
import { jsonBody } from "../../functions/json-body";
import { createTicketOperation } from "../../functions/tickets/create";
import { updateTicketOperation } from "../../functions/tickets/update";
import { call, problemOf } from "../support/api-calls";
import { MemoryTable } from "../support/memory-table";
import { idOf, IRELAND, NOW, ticketItem } from "../support/tickets";

const JSON_TYPES = [
  "application/json",
  "APPLICATION/JSON",
  "application/json;charset=utf-8",
  'application/json; charset="UTF-8"',
  "application/merge-patch+json",
];
/** What a page of any site may send without asking (and none), and what is not JSON or not UTF-8. */
const OTHERS = [
  "",
  "text/plain",
  "text/plain;charset=UTF-8",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/jsonp",
  "text/plain; application/json",
  "application/json, text/plain",
  "application/json; charset=utf-16",
];

describe("a body of a request", () => {
  for (const contentType of JSON_TYPES)
    it(`is taken as ${contentType}`, () => assert.equal(jsonBody({ body: "{}", contentType }), "{}"));

  for (const contentType of OTHERS)
    it(`is refused with 415 as ${JSON.stringify(contentType)}, and nothing is written`, async () => {
      const id = idOf(1);
      const table = new MemoryTable([ticketItem({ id })]);
      const context = { table, region: IRELAND, now: () => NOW, newId: () => idOf(2) };
      for (const operation of [createTicketOperation(context), updateTicketOperation(context)]) {
        const { problem, headers } = await problemOf(() =>
          call(operation, { id, contentType, body: { subject: "From another site" } }),
        );
        assert.equal(problem.status, 415);
        assert.match(problem.detail, /content-type: application\/json/);
        assert.equal(headers.accept, "application/json");
      }
      assert.equal(table.puts, 0);
    });
});
