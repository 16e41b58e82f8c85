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
  it("treats an OPTIONS request as a preflight only with an origin and a method", () => {
    const headers = { origin: "https://a.example", "access-control-request-method": "PUT" };
    assert.equal(isPreflight("OPTIONS", headers), true);
    assert.equal(isPreflight("GET", headers), false);
    assert.equal(isPreflight("OPTIONS", { origin: headers.origin }), false);
    assert.equal(isPreflight("OPTIONS", { ...headers, origin: undefined }), false);
  });

  it("answers a preflight of an allowed origin with everything that is allowed", () => {
    assert.deepEqual(withPreflightHeaders(CORS, "https://app.tickets.test", {}), {
      "access-control-allow-origin": "https://app.tickets.test",
      "access-control-allow-methods": "GET,POST",
      "access-control-allow-headers": "content-type,if-match",
      "access-control-max-age": "300",
    });
  });

  it("allows all origins of a scheme, and all origins", () => {
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

  it("adds no headers for another origin", () => {
    assert.deepEqual(withPreflightHeaders(CORS, "https://evil.example", {}), {});
    assert.deepEqual(withPreflightHeaders(CORS, undefined, {}), {});
  });

  it("replaces the CORS headers of a function that answers preflight requests", () => {
    const own = { "access-control-allow-headers": "*", allow: "GET" };
    assert.deepEqual(withPreflightHeaders(CORS, "https://evil.example", own), { allow: "GET" });
    const allowed = withPreflightHeaders(CORS, "https://app.tickets.test", own);
    assert.equal(allowed.allow, "GET");
    assert.equal(allowed["access-control-allow-headers"], "content-type,if-match");
  });

  it("replaces the CORS headers of a function", () => {
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
