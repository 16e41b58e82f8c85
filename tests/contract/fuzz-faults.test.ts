import assert from "node:assert/strict";
import { DocumentedOperation, documentedOperations } from "../../functions/openapi/document";
import { IRELAND } from "../../testing/tickets";
import { requestSummary, expectedRequestFaults, hostileRequestFaults } from "./fuzz-faults";
import type { HttpResponse } from "./http-client";

const operation = documentedOperations().find(
  ({ operationId }) => operationId === "updateTicket",
) as DocumentedOperation;
const request = { method: "PATCH", path: "/tickets/1", body: "{}" };
const GATEWAY = { "content-type": "application/json", "apigw-requestid": "1" };

/** A problem as the API tells it. */
function problemAnswer(status: number, fields: readonly string[]): HttpResponse {
  const errors = fields.map((field) => ({ field, detail: "Is wrong." }));
  return {
    status,
    headers: {
      ...GATEWAY,
      "content-type": "application/problem+json",
      "x-served-by": IRELAND,
      "x-request-id": "1",
    },
    text: JSON.stringify({ type: "about:blank", title: "", status, detail: "", errors, requestId: "1" }),
  };
}

function gatewayAnswer(status: number): HttpResponse {
  return { status, headers: GATEWAY, text: '{"message":"No"}' };
}

describe("the verdict on an answer to", () => {
  const verdict = (wrongField: string | undefined, answer: HttpResponse): string =>
    expectedRequestFaults({ operation, request, wrongField }, answer, IRELAND).join(" ");

  it("a request with a wrong field is good when that field alone is named", () => {
    assert.equal(verdict("status", problemAnswer(400, ["status"])), "");
    assert.match(verdict("status", problemAnswer(400, ["subject"])), /these are named: \["subject"\]/);
    assert.match(verdict("status", problemAnswer(400, ["status", "subject"])), /these are named/);
    assert.match(verdict("status", problemAnswer(404, [])), /the status is 404/);
  });

  it("a right request is good unless the request is blamed, or the answer is not as documented", () => {
    assert.equal(verdict(undefined, problemAnswer(404, [])), "");
    assert.match(verdict(undefined, problemAnswer(400, ["status"])), /Nothing was wrong/);
    assert.match(verdict(undefined, problemAnswer(418, [])), /no status 418/);
    assert.match(verdict(undefined, problemAnswer(503, [])), /The status is 503/);
  });

  it("any request is good when API Gateway has too many of them", () => {
    assert.equal(verdict(undefined, gatewayAnswer(429)), "");
    assert.match(verdict(undefined, { ...gatewayAnswer(429), text: "{}" }), /no message/);
  });

  it("a hostile request is good when it is a problem of the API or a message of API Gateway, and no 5xx", () => {
    const hostile = (answer: HttpResponse, method = "GET"): string =>
      hostileRequestFaults({ ...request, method }, answer, IRELAND).join(" ");
    assert.equal(hostile(problemAnswer(405, [])), "");
    assert.equal(hostile(gatewayAnswer(431)), "");
    assert.equal(hostile({ ...problemAnswer(405, []), text: "" }, "HEAD"), "");
    assert.match(hostile(gatewayAnswer(500)), /The status is 500/);
    assert.match(hostile(gatewayAnswer(402)), /does not answer 402/);
    assert.match(hostile({ ...problemAnswer(404, []), text: "{}" }), /must have required property/);
  });

  it("a request tells the request in few words", () => {
    assert.equal(requestSummary(request), 'PATCH /tickets/1 {"body":"{}"}');
    assert.ok(requestSummary({ ...request, body: "x".repeat(5000) }).length < 600);
  });
});
