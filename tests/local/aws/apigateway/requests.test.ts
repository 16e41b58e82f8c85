import assert from "node:assert/strict";
import { request } from "node:http";
import { connect } from "node:net";
import {
  FUNCTION_ARN,
  IRELAND,
  createApi,
  SINGAPORE,
  startGateway,
  type TestApi,
  type TestEvent,
  type TestGateway,
} from "./support/test-gateway";
import { sendRaw } from "./support/raw-request";

describe("Request to an HTTP API", () => {
  let test: TestGateway;
  let api: TestApi;

  before(async () => {
    test = await startGateway({
      invoke: async (event) => {
        if (event.rawPath === "/error")
          return { functionError: { errorType: "TypeError", errorMessage: "no such thing" } };
        if (event.rawPath === "/unreachable") throw new Error("no function of that name");
        if (event.rawPath === "/large")
          throw Object.assign(new Error("too large for Lambda"), { name: "RequestTooLargeException" });
        if (event.rawPath === "/malformed") return { payload: { statusCode: "maybe" } };
        if (event.rawPath === "/slow") return new Promise(() => undefined);
        const headers = {
          "content-type": "application/json",
          "access-control-allow-origin": "https://function.example",
        };
        return {
          payload: { statusCode: 201, headers, cookies: ["a=1", "b=2"], body: JSON.stringify(event) },
        };
      },
      permits: (sourceArn) => !sourceArn.endsWith("/forbidden"),
    });
    const paths = ["error", "unreachable", "large", "malformed", "slow", "forbidden"].map(
      (path) => `GET /${path}`,
    );
    api = await createApi(test, {
      routes: [...paths, "GET /tickets/{id}", "POST /tickets"],
      api: {
        corsConfiguration: { allowOrigins: ["https://app.example"], allowMethods: ["GET"], maxAge: 60 },
      },
      integration: { timeoutMilliseconds: 200 },
      stage: {
        accessLogSettings: {
          destinationArn: "arn:aws:logs:eu-west-1:000000000000:log-group:access",
          format:
            "$context.httpMethod $context.path $context.routeKey $context.status $context.integrationErrorMessage",
        },
      },
    });
  });

  after(() => test.gateway.close());

  it("reaches the function and returns its response", async () => {
    const response = await fetch(`${api.url}/tickets/a%20b?x=1`, { headers: { "X-One": "1" } });
    assert.equal(response.status, 201);
    assert.deepEqual(response.headers.getSetCookie(), ["a=1", "b=2"]);
    assert.match(response.headers.get("apigw-requestid") ?? "", /^[\w+/]{15}=$/);
    const event = (await response.json()) as TestEvent;
    assert.equal(event.routeKey, "GET /tickets/{id}");
    assert.deepEqual(event.pathParameters, { id: "a b" });
    assert.equal(event.headers["x-one"], "1");
    assert.equal(event.headers["x-forwarded-proto"], "http");
    assert.equal(event.requestContext.domainName, `${api.id}.execute-api.${IRELAND}.amazonaws.com`);
    assert.equal(event.requestContext.requestId, response.headers.get("apigw-requestid"));
    assert.ok(test.sourceArns.includes(`${api.executionArn}/$default/GET/tickets/{id}`));
  });

  it("is logged in the stage's format and emitted to listeners", async () => {
    test.logged.length = 0;
    test.served.length = 0;
    await fetch(`${api.url}/tickets/7`);
    assert.deepEqual(test.logged, [
      { source: "ireland access", line: "GET /tickets/7 GET /tickets/{id} 201 -" },
    ]);
    assert.equal(test.served.length, 1);
    const { at, ...served } = test.served[0];
    assert.deepEqual(served, { region: IRELAND, method: "GET", path: "/tickets/7", status: 201 });
    assert.ok(at <= Date.now());
  });

  const failures: [path: string, status: number, message: string, cause: RegExp][] = [
    ["/error", 500, "Internal Server Error", /TypeError: no such thing/],
    ["/unreachable", 500, "Internal Server Error", /no function of that name/],
    ["/large", 413, "Request Entity Too Large", /too large for Lambda/],
    ["/malformed", 500, "Internal Server Error", /"statusCode": "maybe"/],
    ["/slow", 503, "Service Unavailable", /No response within 200 ms/],
    ["/forbidden", 500, "Internal Server Error", /no aws\.lambda\.Permission .*"apigateway\.amazonaws\.com"/],
  ];
  for (const [path, status, message, cause] of failures)
    it(`to ${path} returns ${status} and logs the cause`, async () => {
      test.logged.length = 0;
      const response = await fetch(`${api.url}${path}`);
      assert.equal(response.status, status);
      assert.deepEqual(await response.json(), { message });
      const line = test.logged.find(({ source }) => source === "ireland api")?.line ?? "";
      assert.match(line, cause);
      assert.ok(line.includes(FUNCTION_ARN));
    });

  it("does not reach a function whose policy denies API Gateway", async () => {
    test.events.length = 0;
    await fetch(`${api.url}/forbidden`);
    assert.deepEqual(test.events, []);
  });

  it("returns 404 without a matching route", async () => {
    const response = await fetch(`${api.url}/nothing`);
    assert.equal(response.status, 404);
    assert.deepEqual(await response.json(), { message: "Not Found" });
  });

  it("with HEAD does not match a GET route", async () => {
    assert.equal((await fetch(`${api.url}/tickets/1`, { method: "HEAD" })).status, 404);
  });

  it("with HEAD returns the headers of its route, including the length, and no body", async () => {
    const bytes = "HEAD /tickets/1 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    const withHead = await createApi(test, { routes: ["HEAD /tickets/{id}"] });
    const answer = await sendRaw(Number(new URL(withHead.url).port), bytes);
    assert.match(answer, /^HTTP\/1\.1 201 /);
    assert.match(answer, /\r\ncontent-length: [1-9]\d*\r\n/);
    assert.ok(answer.endsWith("\r\n\r\n"), answer);
  });

  it("is answered by the API itself if it is a preflight", async () => {
    test.events.length = 0;
    const preflight = (origin: string): Promise<Response> =>
      fetch(`${api.url}/tickets`, {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "POST" },
      });
    const allowed = await preflight("https://app.example");
    assert.equal(allowed.status, 204);
    assert.equal(allowed.headers.get("access-control-allow-origin"), "https://app.example");
    assert.equal(allowed.headers.get("access-control-max-age"), "60");
    const refused = await preflight("https://evil.example");
    assert.equal(refused.status, 204);
    assert.equal(refused.headers.get("access-control-allow-origin"), null);
    assert.deepEqual(test.events, []);
  });

  it("that is a preflight reaches a matching route, and the API's CORS headers replace those of the response", async () => {
    const routes = ["ANY /any", "OPTIONS /greedy/{proxy+}", "$default"];
    const corsConfiguration = { allowOrigins: ["*"], allowMethods: ["PUT"], allowHeaders: ["authorization"] };
    const other = await createApi(test, { routes, api: { corsConfiguration }, region: SINGAPORE });
    const headers = { origin: "https://app.example", "access-control-request-method": "PUT" };
    for (const [path, routeKey] of [
      ["/any", "ANY /any"],
      ["/greedy/a/b", "OPTIONS /greedy/{proxy+}"],
      ["/greedy", "$default"],
      ["/", "$default"],
    ]) {
      const answer = await fetch(other.url + path, { method: "OPTIONS", headers });
      assert.equal(answer.status, 201, path);
      assert.equal(((await answer.json()) as TestEvent).routeKey, routeKey);
      assert.equal(answer.headers.get("access-control-allow-origin"), "*");
      assert.equal(answer.headers.get("access-control-allow-methods"), "PUT");
      assert.equal(answer.headers.get("access-control-allow-headers"), "authorization");
    }
  });

  it("returns the CORS headers of the API and not of the function, also for errors", async () => {
    const headers = { origin: "https://app.example" };
    for (const path of ["/tickets/1", "/error", "/nothing"]) {
      const response = await fetch(api.url + path, { headers });
      assert.equal(response.headers.get("access-control-allow-origin"), "https://app.example", path);
    }
    const foreign = await fetch(`${api.url}/tickets/1`);
    assert.equal(foreign.headers.get("access-control-allow-origin"), null);
  });

  it("has a body of at most 10 MB", async () => {
    const post = (bytes: number): Promise<Response> =>
      fetch(`${api.url}/tickets`, { method: "POST", body: Buffer.alloc(bytes, "a") });
    const limit = 10 * 1024 * 1024;
    assert.equal((await post(limit)).status, 201);
    const tooLarge = await post(limit + 1);
    assert.equal(tooLarge.status, 413);
    assert.deepEqual(await tooLarge.json(), { message: "Request Entity Too Large" });
  });

  it("receives 413 for a far too large body, also when it closes the connection", async () => {
    const status = await new Promise((resolve, reject) => {
      const outgoing = request(`${api.url}/tickets`, { method: "POST", agent: false });
      outgoing.once("error", reject);
      outgoing.once("response", (response) => resolve(response.resume().statusCode));
      outgoing.end(Buffer.alloc(30 * 1024 * 1024));
    });
    assert.equal(status, 413);
  });

  it("runs concurrently with other requests", async () => {
    const statuses = await Promise.all(
      Array.from({ length: 20 }, (_, id) => fetch(`${api.url}/tickets/${id}`).then(({ status }) => status)),
    );
    assert.deepEqual(new Set(statuses), new Set([201]));
  });

  const malformed: [what: string, bytes: string, status: number][] = [
    ["no HTTP at all", "\0\x01\x02 nonsense\r\n\r\n", 400],
    ["a broken header", "GET / HTTP/1.1\r\nhost: localhost\r\nbro ken: 1\r\n\r\n", 400],
    ["a wrong length", "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: many\r\n\r\n", 400],
    [
      "two lengths that differ",
      "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
      400,
    ],
    ["a broken percent-encoding", "GET /%zz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", 400],
    ["an encoded NUL", "GET /a%00 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", 400],
    [
      "headers over 10,240 bytes",
      `GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\na: ${"b".repeat(10_300)}\r\n\r\n`,
      431,
    ],
    ["headers without end", `GET / HTTP/1.1\r\nhost: localhost\r\na: ${"b".repeat(80_000)}`, 431],
    [
      "an absolute target",
      "GET http://a/nothing HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
      404,
    ],
  ];
  for (const [what, bytes, status] of malformed)
    it(`with ${what} returns ${status} and does not affect other requests`, async () => {
      const answer = await sendRaw(Number(new URL(api.url).port), bytes);
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
      assert.match(answer, /"message":/);
      assert.equal((await fetch(`${api.url}/tickets/1`)).status, 201);
    });

  it("that is aborted in its body does not affect other requests", async () => {
    const port = Number(new URL(api.url).port);
    await new Promise<void>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.write("POST /tickets HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\nabc", () =>
          socket.destroy(),
        );
      });
      socket.once("close", () => resolve());
    });
    assert.equal((await fetch(`${api.url}/tickets/1`)).status, 201);
  });
});
