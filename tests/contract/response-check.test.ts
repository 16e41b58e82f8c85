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

describe("the check of answers by the document", () => {
  it("finds nothing in answers that are as the document says", () => {
    assert.deepEqual(faultsOf("getTicket", GOOD, IRELAND), []);
    assert.deepEqual(problemFaults(NOT_FOUND, IRELAND), []);
  });

  const faulty: Record<string, [HttpResponse, RegExp]> = {
    "a status that is not in the document": [{ ...GOOD, status: 418 }, /no status 418/],
    "a header that is missing": [withHeaders({ etag: undefined }), /etag is missing/],
    "a header that is not as its schema says": [withHeaders({ etag: "unquoted" }), /etag is unquoted/],
    "a header that is not in the document": [withHeaders({ server: "x" }), /no header server/],
    "another content type": [withHeaders({ "content-type": "text/html" }), /content type is text\/html/],
    "a body that is not as its schema says": [{ ...GOOD, text: '{"id":"1"}' }, /must match pattern/],
    "a field that is not in the document": [
      { ...GOOD, text: JSON.stringify({ ...ticket, seen: {} }) },
      /additional properties/,
    ],
    "a time that is none": [
      { ...GOOD, text: JSON.stringify({ ...ticket, createdAt: "today" }) },
      /date-time/,
    ],
    "another region": [withHeaders({ "x-served-by": "us-east-1" }), /region is us-east-1/],
    "another request id than API Gateway's": [withHeaders({ "x-request-id": "2" }), /request id is 2/],
    "a body where there is none": [{ ...GOOD, status: 304 }, /There is a body/],
  };
  for (const [fault, [answer, said]] of Object.entries(faulty))
    it(`finds ${fault}`, () => assert.match(faultsOf("getTicket", answer, IRELAND).join("\n"), said));

  it("finds a problem of another status or request id than the answer's", () => {
    const text = JSON.stringify({ ...PROBLEM, status: 400, requestId: "2" });
    const faults = problemFaults({ ...NOT_FOUND, text }, IRELAND);
    assert.deepEqual(faults, [
      "The problem's status is 400, not 404.",
      "The problem's request id is 2, not 1.",
    ]);
  });

  it("knows every answer and every schema of the document", () => {
    const ofHealth = documentedResponses().filter(({ operationId }) => operationId === "checkHealth");
    assert.deepEqual(
      ofHealth.map(({ status }) => status),
      [200, 400, 503],
    );
    assert.equal(schemaFault("TicketId", idOf(1)), undefined);
    assert.match(schemaFault("TicketId", "1") ?? "", /pattern/);
  });
});
