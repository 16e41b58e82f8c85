import assert from "node:assert/strict";
import { idOf, IRELAND, ticketItem } from "../../testing/tickets";
import { toTicket } from "../../functions/tickets/ticket";
import { documentedResponses, faultsOf, problemFaults, schemaFault } from "./response-check";
import type { HttpResponse } from "./http-client";

const ticket = toTicket(ticketItem());
const GOOD: HttpResponse = {
  status: 200,
  headers: {
    "content-type": "application/json",
    "x-served-by": IRELAND,
    "x-request-id": "1",
    "apigw-requestid": "1",
    etag: `"${ticket.version}"`,
  },
  text: JSON.stringify(ticket),
};
const PROBLEM = {
  type: "about:blank",
  title: "Ticket not found",
  status: 404,
  detail: "",
  requestId: "1",
};
const NOT_FOUND: HttpResponse = {
  status: 404,
  headers: { ...GOOD.headers, "content-type": "application/problem+json", etag: undefined },
  text: JSON.stringify(PROBLEM),
};

function withHeaders(headers: HttpResponse["headers"]): HttpResponse {
  return { ...GOOD, headers: { ...GOOD.headers, ...headers } };
}

describe("response check", () => {
  it("finds no fault in documented responses", () => {
    assert.deepEqual(faultsOf("getTicket", GOOD, IRELAND), []);
    assert.deepEqual(problemFaults(NOT_FOUND, IRELAND), []);
  });

  const faulty: Record<string, [HttpResponse, RegExp]> = {
    "a status that is not in the document": [{ ...GOOD, status: 418 }, /no status 418/],
    "a header that is missing": [withHeaders({ etag: undefined }), /etag is missing/],
    "a header that violates its schema": [withHeaders({ etag: "unquoted" }), /etag is unquoted/],
    "a header that is not in the document": [withHeaders({ server: "x" }), /no header server/],
    "another content type": [withHeaders({ "content-type": "text/html" }), /content type is text\/html/],
    "a body that violates its schema": [{ ...GOOD, text: '{"id":"1"}' }, /must match pattern/],
    "a field that is not in the document": [
      { ...GOOD, text: JSON.stringify({ ...ticket, seen: {} }) },
      /additional properties/,
    ],
    "an invalid time": [{ ...GOOD, text: JSON.stringify({ ...ticket, createdAt: "today" }) }, /date-time/],
    "another region": [withHeaders({ "x-served-by": "us-east-1" }), /region is us-east-1/],
    "a request id that differs from API Gateway's": [withHeaders({ "x-request-id": "2" }), /request id is 2/],
    "a body in a response without one": [{ ...GOOD, status: 304 }, /Unexpected body/],
  };
  for (const [fault, [response, expected]] of Object.entries(faulty))
    it(`finds ${fault}`, () => assert.match(faultsOf("getTicket", response, IRELAND).join("\n"), expected));

  it("finds a problem whose status or request id differs from the response", () => {
    const text = JSON.stringify({ ...PROBLEM, status: 400, requestId: "2" });
    const faults = problemFaults({ ...NOT_FOUND, text }, IRELAND);
    assert.deepEqual(faults, [
      "The problem's status is 400, not 404.",
      "The problem's request id is 2, not 1.",
    ]);
  });

  it("knows every response and every schema of the document", () => {
    const ofHealth = documentedResponses().filter(({ operationId }) => operationId === "checkHealth");
    assert.deepEqual(
      ofHealth.map(({ status }) => status),
      [200, 400, 503],
    );
    assert.equal(schemaFault("TicketId", idOf(1)), undefined);
    assert.match(schemaFault("TicketId", "1") ?? "", /pattern/);
  });
});
