import assert from "node:assert/strict";
import fc from "fast-check";
import { documentedOperations, OperationId } from "../../../functions/openapi/document";
import { isProblem } from "../../../functions/http/problem";
import {
  TICKET_ATTRIBUTES,
  TICKET_FIELDS,
  TicketAttribute,
  TicketField,
} from "../../../functions/tickets/ticket-attributes";
import { rawQueryOf } from "../../../testing/api-calls";
import { idOf } from "../../../testing/tickets";
import { checked } from "./checked-request";

const operationIds = documentedOperations()
  .filter(({ method }) => method !== "HEAD")
  .map(({ operationId }) => operationId);
const character = fc.string({ unit: "binary", minLength: 1, maxLength: 1 });
const isControl = (text: string): boolean => /\p{Cc}/u.test(text);
const text = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: character.filter((one) => !isControl(one)), minLength, maxLength, size: "max" });
const valueOf = (attribute: TicketAttribute): fc.Arbitrary<string> => {
  if (attribute.kind === "choice") return fc.constantFrom(...attribute.choices);
  const { kind, maxLength, required } = attribute;
  if (required !== undefined) return text(1, maxLength).filter((entered) => entered.trim() !== "");
  if (kind === "line") return text(0, maxLength);
  return fc.oneof(text(0, maxLength), fc.constant("One\tline.\r\nAnother.\n"));
};
const fields = Object.fromEntries(
  TICKET_FIELDS.map((field) => [field, valueOf(TICKET_ATTRIBUTES[field])]),
) as Record<TicketField, fc.Arbitrary<string>>;
/** Names of fields, and names of members of JavaScript objects. */
const names = fc.oneof(
  fc.constantFrom(...Object.keys(fields), "__proto__", "constructor", "toString", "limit", "id"),
  fc.string({ unit: "binary" }),
);
/** Values of any type, including lone surrogates. */
const hostile = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.jsonValue(),
    fc.string({ unit: fc.integer({ min: 0xd700, max: 0xe000 }).map((code) => String.fromCharCode(code)) }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(names, tie("value")), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
  ),
})).value;
const strings = fc.array(fc.tuple(names, fc.string()), { maxLength: 4 }).map((pairs) => {
  return Object.fromEntries(pairs) as Record<string, string>;
});
const headers = fc.record(
  {
    "content-type": fc.constantFrom("application/json", "text/plain"),
    "if-match": fc.string(),
    "if-none-match": fc.string(),
    "idempotency-key": fc.string({ unit: "binary" }),
  },
  { requiredKeys: [], noNullPrototype: true },
);

/** Whether a request is accepted. A rejection must be a problem with a client error status. */
function isAccepted(operationId: OperationId, event: Parameters<typeof checked>[1]): boolean {
  try {
    checked(operationId, event);
    return true;
  } catch (error) {
    assert.ok(isProblem(error), `${String(error)} is no problem.`);
    assert.ok([400, 413, 415].includes(error.problem.status));
    return false;
  }
}

describe("requestCheck of arbitrary requests", () => {
  it("throws only problems for any JSON body", () =>
    fc.assert(
      fc.property(fc.constantFrom(...operationIds), hostile, (operationId, value) => {
        isAccepted(operationId, { body: JSON.stringify(value) });
      }),
      { numRuns: 300 },
    ));

  it("throws only problems for any text or bytes as the body", () =>
    fc.assert(
      fc.property(
        fc.constantFrom("createTicket" as const, "updateTicket" as const),
        fc.uint8Array({ maxLength: 50 }),
        (operationId, bytes) => {
          const body = Buffer.from(bytes);
          isAccepted(operationId, { body: body.toString("base64"), isBase64Encoded: true });
          isAccepted(operationId, { body: body.toString("latin1") });
        },
      ),
    ));

  it("throws only problems for any path, query and headers", () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...operationIds),
        strings,
        fc.oneof(fc.string(), strings.map(rawQueryOf)),
        headers,
        (operationId, pathParameters, rawQueryString, sent) => {
          isAccepted(operationId, { pathParameters, rawQueryString, headers: sent, body: "{}" });
        },
      ),
      { numRuns: 300 },
    ));

  it("accepts every complete ticket unchanged", () =>
    fc.assert(
      fc.property(fc.record(fields, { noNullPrototype: true }), (ticket) => {
        assert.deepEqual(checked("createTicket", { body: JSON.stringify(ticket) }).body, ticket);
      }),
    ));

  it("accepts every change of at least one field unchanged", () =>
    fc.assert(
      fc.property(fc.record(fields, { requiredKeys: [], noNullPrototype: true }), (changes) => {
        fc.pre(Object.keys(changes).length > 0);
        assert.deepEqual(checked("updateTicket", { body: JSON.stringify(changes) }).body, changes);
      }),
    ));

  it("accepts every listing and converts its limit to a number", () => {
    const query = {
      status: fields.status,
      assignee: fields.assignee,
      limit: fc.integer({ min: 1, max: 100 }).map(String),
      cursor: fc.stringMatching(/^tickets\.[A-Za-z0-9_-]{2,900}$/),
    };
    return fc.assert(
      fc.property(fc.record(query, { requiredKeys: [], noNullPrototype: true }), (sent) => {
        const limit = Number(sent.limit ?? 25);
        assert.deepEqual(checked("listTickets", { rawQueryString: rawQueryOf(sent) }).query, {
          ...sent,
          limit,
        });
      }),
    );
  });

  it("accepts only ticket ids in the path", () =>
    fc.assert(
      fc.property(fc.string(), (id) => {
        assert.equal(isAccepted("getTicket", { pathParameters: { id } }), false);
        assert.equal(isAccepted("getTicket", { pathParameters: { id: idOf(1) } }), true);
      }),
    ));
});
