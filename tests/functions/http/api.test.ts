import assert from "node:assert/strict";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { apiHandler, ApiRequest, Operation } from "../../../functions/http/api";
import type { OperationId } from "../../../functions/openapi/document";
import { invalidRequest, problem } from "../../../functions/http/problem";
import { asUncertain } from "../../../functions/shared/uncertain-write";
import { httpEvent, invoke } from "../../../testing/api-calls";
import { withEnvironment } from "../../support/environment";
import { captureLogs } from "../../support/logs";
import { idOf, IRELAND } from "../../../testing/tickets";

const thrown =
  (error: unknown): Operation =>
  async () =>
    Promise.reject(error);

describe("apiHandler", () => {
  const logs = captureLogs();
  withEnvironment({ AWS_REGION: IRELAND });
  const respond = (operation: Operation, event = httpEvent("GET", "/tickets")): ReturnType<typeof invoke> =>
    invoke(apiHandler("listTickets", operation), event);

  /** Returns the request that the operation receives for an event. */
  const requestOf = async (
    event: APIGatewayProxyEventV2,
    operationId: OperationId = "listTickets",
  ): Promise<ApiRequest> => {
    const requests: ApiRequest[] = [];
    const operation: Operation = async (request) => (requests.push(request), { status: 204 });
    const { status, text } = await invoke(apiHandler(operationId, operation), event);
    assert.equal(status, 204, text);
    return requests[0];
  };

  it("returns a body as JSON with no-store, the region and the request id", async () => {
    const { status, headers, text } = await respond(async () => ({ status: 200, body: { ok: true } }));
    assert.deepEqual([status, text], [200, '{"ok":true}']);
    const expected = {
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-served-by": IRELAND,
      "x-request-id": "gateway-id",
    };
    assert.deepEqual(headers, expected);
  });

  it("returns no content type without a body", async () => {
    const { status, headers, text } = await respond(async () => ({ status: 204, headers: { allow: "GET" } }));
    assert.deepEqual([status, text], [204, ""]);
    const always = { "cache-control": "no-store", "x-served-by": IRELAND, "x-request-id": "gateway-id" };
    assert.deepEqual(headers, { ...always, allow: "GET" });
  });

  it("keeps the cache-control header of an operation", async () => {
    const kept = { "cache-control": "max-age=1" };
    const { headers } = await respond(async () => ({ status: 200, body: {}, headers: kept }));
    assert.equal(headers["cache-control"], "max-age=1");
  });

  it("passes the documented parts of the request to the operation", async () => {
    const id = idOf(1);
    const event = httpEvent("PATCH", `/tickets/${id}`, {
      pathParameters: { id },
      headers: { "content-type": "application/json", "if-match": "*", "user-agent": "tests" },
      body: '{"subject":"Grüße 😀"}',
    });
    assert.deepEqual(await requestOf(event, "updateTicket"), {
      method: "PATCH",
      path: `/tickets/${id}`,
      pathParameters: { id },
      query: {},
      headers: { "if-match": "*" },
      body: { subject: "Grüße 😀" },
      caller: "anonymous",
    });
  });

  it("passes defaults for omitted parameters", async () => {
    const { query, headers, body } = await requestOf(httpEvent("GET", "/tickets", { headers: {} }));
    assert.deepEqual([query, headers, body], [{ limit: 25 }, {}, undefined]);
  });

  it("does not call the operation with an invalid request", async () => {
    const operation: Operation = () => assert.fail("An invalid request must not reach the operation.");
    const event = httpEvent("GET", "/tickets", { rawQueryString: "limit=0" });
    const { status, body } = await respond(operation, event);
    assert.deepEqual([status, body.errors[0].field, body.requestId], [400, "limit", "gateway-id"]);
  });

  it("passes the subject of the token as the caller", async () => {
    const event = httpEvent("GET", "/tickets");
    const authorizer = { jwt: { claims: { sub: "ada" }, scopes: [] } };
    const requestContext = { ...event.requestContext, authorizer } as typeof event.requestContext;
    assert.equal((await requestOf({ ...event, requestContext })).caller, "ada");
  });

  it("returns a problem as problem details with its headers and the request id", async () => {
    const refusal = problem(409, "Taken", "It is taken.", { headers: { "retry-after": "1" } });
    const { status, headers, body } = await respond(thrown(refusal));
    assert.equal(status, 409);
    const details = { type: "about:blank", title: "Taken", status: 409, detail: "It is taken." };
    assert.deepEqual(body, { ...details, requestId: "gateway-id" });
    assert.equal(headers["content-type"], "application/problem+json");
    assert.equal(headers["retry-after"], "1");
    assert.equal(headers["x-served-by"], IRELAND);
  });

  it("returns the invalid fields of an invalid request", async () => {
    const errors = [
      { field: "subject", detail: "Is required." },
      { field: "status", detail: "Is wrong." },
    ];
    const { status, body } = await respond(thrown(invalidRequest(errors)));
    assert.equal(status, 400);
    assert.deepEqual(body.errors, errors);
    assert.equal(body.detail, "subject: Is required. status: Is wrong.");
  });

  for (const error of [new TypeError("x is not a function"), "a text", { odd: true }])
    it(`returns 500 without details for ${String(error)} and logs it under the request id`, async () => {
      const { status, headers, text } = await respond(thrown(error));
      assert.equal(status, 500);
      assert.equal(headers["content-type"], "application/problem+json");
      assert.equal(headers["x-served-by"], IRELAND);
      assert.doesNotMatch(text, /not a function|a text|odd/);
      const { level, requestId } = logs.lines[0];
      assert.deepEqual([level, requestId, headers["x-request-id"]], ["ERROR", "gateway-id", "gateway-id"]);
      if (error instanceof Error) assert.equal(logs.lines[0].message, error.message);
    });

  for (const [what, details] of Object.entries({
    "a throttle": { name: "ThrottlingException", $metadata: { httpStatusCode: 400 } },
    "a timeout": { name: "TimeoutError" },
    "an aborted call": { name: "AbortError" },
    "a refused connection": { code: "ECONNREFUSED" },
  }))
    it(`returns 503 with retry-after for ${what} of the table and logs it`, async () => {
      const { status, headers } = await respond(thrown(Object.assign(new Error("No."), details)));
      assert.equal(status, 503);
      assert.equal(headers["retry-after"], "1");
      assert.equal(headers["x-served-by"], IRELAND);
      assert.deepEqual(
        logs.lines.map(({ level, status: logged }) => [level, logged]),
        [
          ["ERROR", undefined],
          ["INFO", 503],
        ],
      );
    });

  for (const error of [
    Object.assign(new Error("No."), { name: "TimeoutError" }),
    problem(412, "Ticket changed", "Nothing was written."),
  ])
    it(`returns 504 for ${error.name} if the write may be saved, and logs it`, async () => {
      const { status, headers, body } = await respond(thrown(asUncertain(error)));
      assert.deepEqual([status, headers["retry-after"], body.title], [504, "1", "Result unknown"]);
      assert.deepEqual([logs.lines[0].level, logs.lines[0].message], ["ERROR", error.message]);
    });

  it("logs one line per request with its ids, route, status and duration", async () => {
    await respond(async () => ({ status: 200 }), {
      ...httpEvent("GET", "/tickets"),
      routeKey: "GET /tickets",
    });
    const [{ timestamp, milliseconds, ...line }, ...others] = logs.lines;
    assert.deepEqual([others, typeof timestamp, typeof milliseconds], [[], "string", "number"]);
    const ids = { requestId: "gateway-id", lambdaRequestId: "request-1" };
    assert.deepEqual(line, {
      level: "INFO",
      message: "Answered",
      ...ids,
      route: "GET /tickets",
      status: 200,
    });
  });

  it("logs the ticket id of a request", async () => {
    const id = "01JD9Z3N8Q4T6V8X0Y2A4C6E8G";
    const operation = apiHandler("getTicket", async () => ({ status: 200 }));
    await invoke(operation, httpEvent("GET", `/tickets/${id}`, { pathParameters: { id } }));
    assert.equal(logs.lines.at(-1)?.ticketId, id);
  });

  it("logs the version that a request wrote, and does not return it", async () => {
    const written = { ticketId: idOf(1), version: "001763904000000-000000-eu-west-1" };
    const { headers, text } = await respond(async () => ({ status: 204, written }));
    assert.equal(logs.lines[0].ticketId, written.ticketId);
    assert.equal(logs.lines[0].version, written.version);
    assert.doesNotMatch(JSON.stringify(headers) + text, /001763904000000/);
  });

  it("logs no text that the client sent", async () => {
    const secret = "ada@example.com";
    const event = httpEvent("PATCH", `/tickets/${secret}`, {
      pathParameters: { id: secret },
      queryStringParameters: { [secret]: secret },
      rawQueryString: `${secret}=${secret}&${secret}=%`,
      headers: { "content-type": "application/json", "if-match": secret, "user-agent": secret },
      body: JSON.stringify({ customer: secret, [secret]: 1 }),
    });
    const operation: Operation = () => assert.fail("An invalid request must not reach the operation.");
    const { status } = await invoke(apiHandler("updateTicket", operation), event);
    assert.equal(status, 400);
    assert.equal(logs.lines.length, 1);
    assert.ok(!JSON.stringify(logs.lines).includes(secret));
  });
});

describe("apiHandler without AWS_REGION", () => {
  withEnvironment({ AWS_REGION: undefined });
  it("throws an error that names the variable", () => {
    assert.throws(
      () => apiHandler("listTickets", async () => ({ status: 200 })),
      /environment variable AWS_REGION .* not set/,
    );
  });
});
