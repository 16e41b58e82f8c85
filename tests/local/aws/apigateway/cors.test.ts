import assert from "node:assert/strict";
import { isPreflight, withCorsHeaders, withPreflightHeaders } from "../../../../local/aws/apigateway/cors";
import type { CorsConfiguration } from "../../../../local/aws/apigateway/model";

const CORS: CorsConfiguration = {
  allowOrigins: ["https://app.tickets.test", "http://*"],
  allowMethods: ["GET", "POST"],
  allowHeaders: ["content-type", "if-match"],
  exposeHeaders: ["x-region"],
  maxAge: 300,
  allowCredentials: false,
};

describe("CORS of an HTTP API", () => {
  it("takes an OPTIONS request for a preflight only when it names origin and method", () => {
    const headers = { origin: "https://a.example", "access-control-request-method": "PUT" };
    assert.equal(isPreflight("OPTIONS", headers), true);
    assert.equal(isPreflight("GET", headers), false);
    assert.equal(isPreflight("OPTIONS", { origin: headers.origin }), false);
    assert.equal(isPreflight("OPTIONS", { ...headers, origin: undefined }), false);
  });

  it("answers a preflight of an allowed origin with all that is allowed", () => {
    assert.deepEqual(withPreflightHeaders(CORS, "https://app.tickets.test", {}), {
      "access-control-allow-origin": "https://app.tickets.test",
      "access-control-allow-methods": "GET,POST",
      "access-control-allow-headers": "content-type,if-match",
      "access-control-max-age": "300",
    });
  });

  it("allows every origin of a scheme and every origin there is", () => {
    const allowOrigin = "access-control-allow-origin";
    assert.equal(
      withPreflightHeaders(CORS, "http://localhost:8080", {})[allowOrigin],
      "http://localhost:8080",
    );
    assert.equal(
      withPreflightHeaders({ ...CORS, allowOrigins: ["*"] }, "https://any.example", {})[allowOrigin],
      "*",
    );
  });

  it("says nothing to another origin", () => {
    assert.deepEqual(withPreflightHeaders(CORS, "https://evil.example", {}), {});
    assert.deepEqual(withPreflightHeaders(CORS, undefined, {}), {});
  });

  it("replaces what a function that answers preflight requests says of CORS", () => {
    const own = { "access-control-allow-headers": "*", allow: "GET" };
    assert.deepEqual(withPreflightHeaders(CORS, "https://evil.example", own), { allow: "GET" });
    const allowed = withPreflightHeaders(CORS, "https://app.tickets.test", own);
    assert.equal(allowed.allow, "GET");
    assert.equal(allowed["access-control-allow-headers"], "content-type,if-match");
  });

  it("replaces what the function says of CORS", () => {
    const own = {
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "x",
      "x-region": "eu-west-1",
    };
    assert.deepEqual(withCorsHeaders({ ...CORS, allowCredentials: true }, "https://app.tickets.test", own), {
      "x-region": "eu-west-1",
      "access-control-allow-origin": "https://app.tickets.test",
      "access-control-allow-credentials": "true",
      "access-control-expose-headers": "x-region",
    });
    assert.deepEqual(withCorsHeaders(CORS, undefined, own), { "x-region": "eu-west-1" });
  });
});
