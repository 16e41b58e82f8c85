import assert from "node:assert/strict";
import { type AccessLogFacts, formatAccessLog } from "../../local/aws/apigateway/access-log";
import { FACTS } from "../local/aws/apigateway/support/access-log-facts";
import { drainProgram, ofType } from "../support/mocked-program";

describe("The access log of the API", function () {
  this.timeout(120_000);
  let formats: string[];
  before(async () => {
    const stages = ofType(
      await drainProgram({ stack: "ireland", config: {} }),
      "aws:apigatewayv2/stage:Stage",
    );
    formats = stages.map(({ inputs }) => inputs.accessLogSettings.format);
    assert.equal(formats.length, 2);
  });

  const parsed = (facts: Partial<AccessLogFacts>): Record<string, unknown>[] =>
    formats.map((format) => JSON.parse(formatAccessLog(format, { ...FACTS, ...facts })));

  it("is JSON also when a message contains quotation marks", () => {
    const error = 'The Lambda function returned the following error: SyntaxError: Unexpected token "<"';
    const integration = { latencyMs: 12, status: 500, error };
    for (const line of parsed({ errorMessage: 'No "id"', integration }))
      assert.deepEqual([line.status, line.error], ["500", "INTEGRATION_FAILURE"]);
  });

  it("is JSON for a response without an error", () => {
    const integration = { latencyMs: 12, status: 200, error: undefined };
    for (const line of parsed({ status: 200, errorMessage: undefined, integration }))
      assert.deepEqual([line.status, line.error], ["200", "-"]);
  });
});
