import assert from "node:assert/strict";
import { formatAccessLog, type AccessLogFacts } from "../../../../local/aws/apigateway/access-log";
import { StageThrottle } from "../../../../local/aws/apigateway/throttling";

const FACTS: AccessLogFacts = {
  arrival: {
    requestId: "JKJaXmPLvHcESHA=",
    at: new Date("2020-03-12T19:03:58.390Z"),
    method: "GET",
    path: "/tickets/1",
    rawQueryString: "",
    headers: {},
    protocol: "HTTP/1.1",
    sourceIp: "127.0.0.1",
  },
  target: {
    api: {
      id: "abc",
      region: "eu-west-1",
      executionArn: "arn:aws:execute-api:eu-west-1:000000000000:abc",
      settings: { inputs: {}, cors: undefined, executeApiDisabled: false },
      integrations: new Map(),
      routes: new Map(),
      stages: new Map(),
    },
    stage: {
      name: "$default",
      inputs: {},
      variables: undefined,
      throttle: new StageThrottle(undefined),
      accessLogFormat: "",
    },
    path: "/tickets/1",
    domainName: "api.tickets.test",
  },
  routeKey: "GET /tickets/{id}",
  status: 500,
  responseLength: 35,
  errorMessage: "Internal Server Error",
  integration: { latencyMs: 12, status: 500, error: "no such function" },
};

describe("formatAccessLog", () => {
  const cases: [format: string, line: string][] = [
    ["$context.requestId", "JKJaXmPLvHcESHA="],
    ['{"m":"$context.httpMethod","p":"$context.path"}', '{"m":"GET","p":"/tickets/1"}'],
    ["$context.routeKey $context.status $context.responseLength", "GET /tickets/{id} 500 35"],
    ["[$context.requestTime] $context.requestTimeEpoch", "[12/Mar/2020:19:03:58 +0000] 1584039838"],
    ["$context.identity.sourceIp $context.identity.userAgent", "127.0.0.1 -"],
    ["$context.integrationErrorMessage ($context.integrationLatency)", "no such function (12)"],
    ["$context.error.messageString", '"Internal Server Error"'],
    ["$context.domainName/$context.stage", "api.tickets.test/$default"],
    ["$context.status.", "500."],
    ["$context.authorizer.claims.sub $context.toString $input.x", "- - $input.x"],
  ];
  for (const [format, line] of cases)
    it(`formats ${format} as ${line}`, () => assert.equal(formatAccessLog(format, FACTS), line));
});
