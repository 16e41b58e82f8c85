import assert from "node:assert/strict";
import { endpointChecks } from "../../../operations/status/endpoint-checks";

const IDS = { ireland: "check-1", singapore: "check-2" };
const GOOD = "Success: HTTP Status Code 200, OK";
const BAD = "Failure: Connection timed out.";

describe("endpointChecks()", () => {
  /** Statuses of the checkers by the id of the check. */
  const answering =
    (answers: Readonly<Record<string, readonly string[]>>) =>
    async (args: readonly string[]): Promise<unknown> => {
      assert.deepEqual(args.slice(0, 4), ["route53", "get-health-check-status", "--region", "us-east-1"]);
      const id = args[args.indexOf("--health-check-id") + 1];
      return { HealthCheckObservations: answers[id].map((Status) => ({ StatusReport: { Status } })) };
    };
  const of = (good: number, bad: number): string[] => [
    ...Array<string>(good).fill(GOOD),
    ...Array<string>(bad).fill(BAD),
  ];

  it("reports healthy above 18 % of the checkers, with the reason of another one", async () => {
    const runAws = answering({ "check-1": of(16, 0), "check-2": of(18, 82) });
    assert.deepEqual(await endpointChecks(IDS, runAws), [
      {
        name: "the endpoint of ireland",
        healthy: true,
        means: "healthy",
        lastResult: "16 of 16 checkers report healthy",
      },
      {
        name: "the endpoint of singapore",
        healthy: false,
        means: "unhealthy",
        lastResult: `18 of 100 checkers report healthy; one of the others: ${BAD}`,
      },
    ]);
    const nineteen = await endpointChecks({ ireland: "check-1" }, answering({ "check-1": of(19, 81) }));
    assert.equal(nineteen[0].healthy, true);
  });

  it("reports unhealthy without checkers", async () => {
    const [check] = await endpointChecks({ ireland: "check-1" }, answering({ "check-1": [] }));
    assert.deepEqual([check.healthy, check.lastResult], [false, "0 of 0 checkers report healthy"]);
  });

  it("rejects a stack without the output", async () => {
    await assert.rejects(endpointChecks(undefined, answering({})), /update the stack first/);
  });
});
