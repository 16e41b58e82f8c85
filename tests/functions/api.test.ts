import assert from "node:assert/strict";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { apiHandler, ApiRequest, Operation } from "../../functions/api";
import { invalidRequest, problem } from "../../functions/problem";
import { httpEvent, invoke } from "../support/api-calls";
import { withEnvironment } from "../support/environment";
import { captureLogs } from "../support/logs";
import { IRELAND } from "../support/tickets";

const thrown =
  (error: unknown): Operation =>
  async () =>
    Promise.reject(error);

describe("the handler of an operation", () => {
  const logs = captureLogs();
  withEnvironment({ AWS_REGION: IRELAND });
  const answer = (operation: Operation, event = httpEvent("GET", "/tickets")): ReturnType<typeof invoke> =>
    invoke(apiHandler(operation), event);

  /** What the operation is given for an event. */
  const requestOf = async (event: APIGatewayProxyEventV2): Promise<ApiRequest> => {
    const requests: ApiRequest[] = [];
    await answer(async (request) => (requests.push(request), { status: 204 }), event);
    return requests[0];
  };

  it("sends a body as JSON that no cache may keep, and says which region answered", async () => {
    const { status, headers, text } = await answer(async () => ({ status: 200, body: { ok: true } }));
    assert.deepEqual([status, text], [200, '{"ok":true}']);
    const expected = {
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-served-by": IRELAND,
    };
    assert.deepEqual(headers, expected);
  });

  it("sends no body and no type of one when there is none", async () => {
    const { status, headers, text } = await answer(async () => ({ status: 204, headers: { allow: "GET" } }));
    assert.deepEqual([status, text], [204, ""]);
    assert.deepEqual(headers, { "cache-control": "no-store", "x-served-by": IRELAND, allow: "GET" });
  });

  it("gives the operation the request's parts", async () => {
    const event = httpEvent("PATCH", "/tickets/1", {
      pathParameters: { id: "1" },
      queryStringParameters: { limit: "3" },
      body: "{}",
    });
    const parts = { method: "PATCH", path: "/tickets/1", pathParameters: { id: "1" }, query: { limit: "3" } };
    const contentType = "application/json";
    assert.deepEqual(await requestOf(event), { ...parts, body: "{}", contentType, caller: "anonymous" });
  });

  it("gives empty parts for those that the event leaves out", async () => {
    const event = httpEvent("GET", "/tickets", { headers: {} });
    const { body, contentType, query, pathParameters } = await requestOf(event);
    assert.deepEqual([body, contentType, query, pathParameters], ["", "", {}, {}]);
  });

  it("reads a body that comes in base64", async () => {
    const text = '{"subject":"Grüße 😀"}';
    const body = Buffer.from(text).toString("base64");
    assert.equal(
      (await requestOf(httpEvent("POST", "/tickets", { body, isBase64Encoded: true }))).body,
      text,
    );
  });

  it("names the subject of the token as the caller", async () => {
    const event = httpEvent("GET", "/tickets");
    const authorizer = { jwt: { claims: { sub: "ada" }, scopes: [] } };
    const requestContext = { ...event.requestContext, authorizer } as typeof event.requestContext;
    assert.equal((await requestOf({ ...event, requestContext })).caller, "ada");
  });

  it("answers a problem with problem details, its headers and the request id", async () => {
    const refusal = problem(409, "Taken", "It is taken.", { headers: { "retry-after": "1" } });
    const { status, headers, body } = await answer(thrown(refusal));
    assert.equal(status, 409);
    const details = { type: "about:blank", title: "Taken", status: 409, detail: "It is taken." };
    assert.deepEqual(body, { ...details, requestId: "request-1" });
    assert.equal(headers["content-type"], "application/problem+json");
    assert.equal(headers["retry-after"], "1");
    assert.equal(headers["x-served-by"], IRELAND);
    assert.deepEqual(logs.lines, []);
  });

  it("answers an invalid request with the fields that are wrong", async () => {
    const errors = [
      { field: "subject", detail: "Is required." },
      { field: "status", detail: "Is wrong." },
    ];
    const { status, body } = await answer(thrown(invalidRequest(errors)));
    assert.equal(status, 400);
    assert.deepEqual(body.errors, errors);
    assert.equal(body.detail, "subject: Is required. status: Is wrong.");
  });

  for (const error of [new TypeError("x is not a function"), "a text", { odd: true }])
    it(`answers 500 for ${String(error)}, says nothing of its inside, and logs it under the request id`, async () => {
      const { status, headers, text } = await answer(thrown(error));
      assert.equal(status, 500);
      assert.equal(headers["content-type"], "application/problem+json");
      assert.equal(headers["x-served-by"], IRELAND);
      assert.doesNotMatch(text, /not a function|a text|odd/);
      assert.deepEqual([logs.lines[0].level, logs.lines[0].requestId], ["ERROR", "request-1"]);
      if (error instanceof Error) assert.equal(logs.lines[0].message, error.message);
    });

  for (const [what, details] of Object.entries({
    "a throttle": { name: "ThrottlingException", $metadata: { httpStatusCode: 400 } },
    "a timeout": { name: "TimeoutError" },
    "an aborted call": { name: "AbortError" },
    "a refused connection": { code: "ECONNREFUSED" },
  }))
    it(`answers 503 for ${what} of the table, asks to try again, and logs it`, async () => {
      const { status, headers } = await answer(thrown(Object.assign(new Error("No."), details)));
      assert.equal(status, 503);
      assert.equal(headers["retry-after"], "1");
      assert.equal(headers["x-served-by"], IRELAND);
      assert.equal(logs.lines.length, 1);
    });
});

describe("a handler without its environment", () => {
  withEnvironment({ AWS_REGION: undefined });
  it("is not made, and says what is missing", () => {
    assert.throws(
      () => apiHandler(async () => ({ status: 200 })),
      /environment variable AWS_REGION .* not set/,
    );
  });
});
