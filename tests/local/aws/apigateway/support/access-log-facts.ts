import type { AccessLogFacts } from "../../../../../local/aws/apigateway/access-log";
import { StageThrottle } from "../../../../../local/aws/apigateway/throttling";

/** A request whose function failed. */
export const FACTS: AccessLogFacts = {
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
      authorizers: new Map(),
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
