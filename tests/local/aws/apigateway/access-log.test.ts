import assert from "node:assert/strict";
import { formatAccessLog } from "../../../../local/aws/apigateway/access-log";
import { FACTS } from "./support/access-log-facts";

describe("formatAccessLog", () => {
  const cases: [format: string, line: string][] = [
    ["$context.requestId", "JKJaXmPLvHcESHA="],
    ['{"m":"$context.httpMethod","p":"$context.path"}', '{"m":"GET","p":"/tickets/1"}'],
    ["$context.routeKey $context.status $context.responseLength", "GET /tickets/{id} 500 35"],
    ["[$context.requestTime] $context.requestTimeEpoch", "[12/Mar/2020:19:03:58 +0000] 1584039838"],
    ["$context.identity.sourceIp $context.identity.userAgent", "127.0.0.1 -"],
    ["$context.integrationErrorMessage ($context.integrationLatency)", "no such function (12)"],
    ["$context.error.messageString", '"Internal Server Error"'],
    ["$context.error.responseType", "INTEGRATION_FAILURE"],
    ["$context.domainName/$context.stage", "api.tickets.test/$default"],
    ["$context.status.", "500."],
    ["$context.authorizer.claims.sub $context.toString $input.x", "- - $input.x"],
  ];
  for (const [format, line] of cases)
    it(`formats ${format} as ${line}`, () => assert.equal(formatAccessLog(format, FACTS), line));

  it("inserts values as they are, so that a quotation mark in one breaks JSON", () => {
    const format = '{"error":"$context.integrationErrorMessage"}';
    const facts = { ...FACTS, integration: { latencyMs: 1, status: 500, error: 'no "id"' } };
    assert.equal(formatAccessLog(format, facts), '{"error":"no "id""}');
  });

  const types: [status: number, message: string | undefined, type: string][] = [
    [200, undefined, "-"],
    [500, undefined, "-"],
    [404, "Not Found", "RESOURCE_NOT_FOUND"],
    [403, "Forbidden", "ACCESS_DENIED"],
    [413, "Request Entity Too Large", "REQUEST_TOO_LARGE"],
    [429, "Too Many Requests", "THROTTLED"],
    [400, "Bad Request", "DEFAULT_4XX"],
    [503, "Service Unavailable", "DEFAULT_5XX"],
  ];
  for (const [status, errorMessage, type] of types)
    it(`formats the type of ${status} ${errorMessage ?? "of a function"} as ${type}`, () => {
      const facts = { ...FACTS, status, errorMessage, integration: undefined };
      assert.equal(formatAccessLog("$context.error.responseType", facts), type);
    });
});
