import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { documentedOperations } from "../../../functions/openapi/document";
import { listTicketsOperation } from "../../../functions/tickets/list";
import { listRecentConflictsOperation } from "../../../functions/tickets/list-recent-conflicts";
import { expectedRequests } from "../../contract/request-arbitraries";
import { resolved as schemaOf } from "../../contract/value-arbitraries";
import { send } from "../../../testing/api-calls";
import { MemoryTable } from "../../../testing/memory-table";
import { idOf } from "../../../testing/tickets";
import { checked } from "./checked-request";

const FUNCTIONS = join(__dirname, "..", "..", "..", "functions");
/** Parameters that accept any text. */
const FREE = ["assignee"];

describe("format of a request", () => {
  it("is in openapi.json: every parameter has a pattern, values or bounds, unless it is free text", () => {
    for (const { operationId, parameters } of documentedOperations())
      for (const { name, schema } of parameters) {
        const { pattern, enum: values, type } = schemaOf(schema);
        const isStated = pattern !== undefined || values !== undefined || type === "integer";
        assert.ok(isStated || FREE.includes(name), `${operationId} does not state the format of ${name}.`);
      }
  });

  it("is checked by the request check alone, except for one rule that depends on the stored ticket", () => {
    const files = readdirSync(FUNCTIONS, { recursive: true, encoding: "utf8" });
    const rejecting = files.filter(
      (file) => file.endsWith(".ts") && /(?<!function )invalidRequest\(/.test(read(file)),
    );
    // The exception: an edit can settle only a conflict that is older than the ticket.
    assert.deepEqual(rejecting.sort(), ["openapi/request-check.ts", "tickets/update.ts"]);
  });

  it("is accepted if it is valid by openapi.json", () => {
    const requests = expectedRequests([idOf(1)]).filter(({ wrongField }) => wrongField === undefined);
    fc.assert(
      fc.property(requests, ({ operation, request: { path, headers = {}, body } }) => {
        const { pathname, search } = new URL(path, "http://localhost");
        const id = decodeURIComponent(pathname.split("/")[2] ?? "");
        checked(operation.operationId, {
          headers: { ...headers },
          rawQueryString: search.slice(1),
          ...(operation.path.includes("{id}") && { pathParameters: { id } }),
          ...(body !== undefined && { body: String(body) }),
        });
      }),
      { numRuns: 500 },
    );
  });

  for (const [operationId, operation, parameter] of [
    ["listTickets", listTicketsOperation(new MemoryTable()), "TicketCursor"],
    ["listRecentConflicts", listRecentConflictsOperation({ newest: async () => [] }), "ConflictCursor"],
  ] as const)
    it(`accepts every cursor of ${operationId} that is valid by openapi.json`, async () => {
      const { pattern } = schemaOf({ $ref: `#/components/schemas/${parameter}` });
      await fc.assert(
        fc.asyncProperty(
          fc.stringMatching(new RegExp(String(pattern))).filter(({ length }) => length <= 1000),
          async (cursor) => {
            assert.equal((await send(operationId, operation, { query: { cursor } })).status, 200);
          },
        ),
      );
    });
});

function read(file: string): string {
  return readFileSync(join(FUNCTIONS, file), "utf8");
}
