import assert from "node:assert/strict";
import { payloadEvent, type ReceivedRequest } from "../../../../local/aws/apigateway/payload-event";
import type { Api, RequestTarget } from "../../../../local/aws/apigateway/model";
import { StageThrottle } from "../../../../local/aws/apigateway/throttling";

const API: Api = {
  id: "abc123",
  region: "eu-west-1",
  executionArn: "arn:aws:execute-api:eu-west-1:000000000000:abc123",
  settings: { inputs: {}, cors: undefined, executeApiDisabled: false },
  integrations: new Map(),
  authorizers: new Map(),
  routes: new Map(),
  stages: new Map(),
};

const ARRIVAL: ReceivedRequest = {
  requestId: "JKJaXmPLvHcESHA=",
  at: new Date("2020-03-12T19:03:58.390Z"),
  method: "GET",
  path: "/tickets",
  rawQueryString: "",
  headers: { host: "api.tickets.test", "user-agent": "agent" },
  protocol: "HTTP/1.1",
  sourceIp: "127.0.0.1",
};

interface Change {
  readonly arrival?: Partial<ReceivedRequest>;
  readonly path?: string;
  readonly stage?: string;
  readonly variables?: Record<string, string>;
  readonly pathParameters?: Record<string, string>;
  readonly body?: Buffer;
}

function eventOf(change: Change = {}): Record<string, unknown> {
  const { stage = "$default", path = "/tickets", variables } = change;
  const target: RequestTarget = {
    api: API,
    stage: {
      name: stage,
      inputs: {},
      variables,
      throttle: new StageThrottle(undefined),
      accessLogFormat: undefined,
    },
    path,
    domainName: "api.tickets.test",
  };
  const route = { key: "GET /tickets", pathParameters: change.pathParameters };
  return payloadEvent({ ...ARRIVAL, ...change.arrival }, target, route, change.body ?? Buffer.alloc(0));
}

describe("Event of payload format 2.0", () => {
  it("contains all data of a plain request and no key without a value", () => {
    assert.deepEqual(eventOf(), {
      version: "2.0",
      routeKey: "GET /tickets",
      rawPath: "/tickets",
      rawQueryString: "",
      headers: { host: "api.tickets.test", "user-agent": "agent", "content-length": "0" },
      requestContext: {
        accountId: "000000000000",
        apiId: "abc123",
        domainName: "api.tickets.test",
        domainPrefix: "api",
        http: {
          method: "GET",
          path: "/tickets",
          protocol: "HTTP/1.1",
          sourceIp: "127.0.0.1",
          userAgent: "agent",
        },
        requestId: "JKJaXmPLvHcESHA=",
        routeKey: "GET /tickets",
        stage: "$default",
        time: "12/Mar/2020:19:03:58 +0000",
        timeEpoch: 1584039838390,
      },
      isBase64Encoded: false,
    });
  });

  const text = Buffer.from("grün");
  const binary = Buffer.from([0, 159, 146, 150]);
  const cases: [what: string, change: Change, expected: Record<string, unknown>][] = [
    [
      "joins repeated query parameters with commas and keeps the raw query string",
      { arrival: { rawQueryString: "a=1&b=x%20y&a=2&c" } },
      { rawQueryString: "a=1&b=x%20y&a=2&c", queryStringParameters: { a: "1,2", b: "x y", c: "" } },
    ],
    [
      "moves the cookies out of the headers",
      { arrival: { headers: { cookie: "a=1; b=2", accept: "*/*" } } },
      { cookies: ["a=1", "b=2"], headers: { accept: "*/*", "content-length": "0" } },
    ],
    ["decodes the path", { path: "/tickets/a%20b" }, { rawPath: "/tickets/a b" }],
    ["puts a named stage before the path", { stage: "dev" }, { rawPath: "/dev/tickets" }],
    ["contains path parameters", { pathParameters: { id: "1" } }, { pathParameters: { id: "1" } }],
    ["contains stage variables", { variables: { color: "blue" } }, { stageVariables: { color: "blue" } }],
    ...["application/json", "application/json;", "text/plain; charset=utf-8", "application/xml"].map(
      (type): [string, Change, Record<string, unknown>] => [
        `contains a body of ${type} as text`,
        { arrival: { headers: { "content-type": type } }, body: text },
        { body: "grün", isBase64Encoded: false, headers: { "content-type": type, "content-length": "5" } },
      ],
    ),
    ...["application/octet-stream", "image/png", "application/x-www-form-urlencoded"].map(
      (type): [string, Change, Record<string, unknown>] => [
        `contains a body of ${type} in base64`,
        { arrival: { headers: { "content-type": type } }, body: binary },
        { body: binary.toString("base64"), isBase64Encoded: true },
      ],
    ),
    [
      "contains a body without a type in base64",
      { arrival: { headers: {} }, body: text },
      { body: text.toString("base64"), isBase64Encoded: true },
    ],
  ];
  for (const [what, change, expected] of cases)
    it(what, () => {
      const event = eventOf(change);
      for (const [key, value] of Object.entries(expected)) assert.deepEqual(event[key], value, key);
    });
});
