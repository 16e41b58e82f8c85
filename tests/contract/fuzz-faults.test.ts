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

/** Returns a problem response of the API. */
function problemResponse(status: number, fields: readonly string[]): HttpResponse {
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

function gatewayResponse(status: number): HttpResponse {
  return { status, headers: GATEWAY, text: '{"message":"No"}' };
}

describe("faults of a fuzz test", () => {
  const faults = (wrongField: string | undefined, response: HttpResponse): string =>
    expectedRequestFaults({ operation, request, wrongField }, response, IRELAND).join(" ");

  it("are empty if the response names only the invalid field", () => {
    assert.equal(faults("status", problemResponse(400, ["status"])), "");
    assert.match(faults("status", problemResponse(400, ["subject"])), /the response names \["subject"\]/);
    assert.match(faults("status", problemResponse(400, ["status", "subject"])), /the response names/);
    assert.match(faults("status", problemResponse(404, [])), /the status is 404/);
  });

  it("state that a valid request was rejected or a response is not documented", () => {
    assert.equal(faults(undefined, problemResponse(404, [])), "");
    assert.match(faults(undefined, problemResponse(400, ["status"])), /The request was valid/);
    assert.match(faults(undefined, problemResponse(418, [])), /no status 418/);
    assert.match(faults(undefined, problemResponse(503, [])), /The status is 503/);
  });

  it("are empty for throttling by API Gateway", () => {
    assert.equal(faults(undefined, gatewayResponse(429)), "");
    assert.match(faults(undefined, { ...gatewayResponse(429), text: "{}" }), /has no message/);
  });

  it("are empty for a hostile request with a problem of the API or a message of API Gateway, and no 5xx", () => {
    const hostile = (response: HttpResponse, method = "GET"): string =>
      hostileRequestFaults({ ...request, method }, response, IRELAND).join(" ");
    assert.equal(hostile(problemResponse(405, [])), "");
    assert.equal(hostile(gatewayResponse(431)), "");
    assert.equal(hostile({ ...problemResponse(405, []), text: "" }, "HEAD"), "");
    assert.match(hostile(gatewayResponse(500)), /The status is 500/);
    assert.match(hostile(gatewayResponse(402)), /does not return 402/);
    assert.match(hostile({ ...problemResponse(404, []), text: "{}" }), /must have required property/);
  });

  it("include a short description of the request", () => {
    assert.equal(requestSummary(request), 'PATCH /tickets/1 {"body":"{}"}');
    assert.ok(requestSummary({ ...request, body: "x".repeat(5000) }).length < 600);
  });
});
