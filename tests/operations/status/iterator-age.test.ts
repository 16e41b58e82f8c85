import assert from "node:assert/strict";
import { iteratorAge } from "../../../operations/status/iterator-age";
import { NOW } from "../../../testing/tickets";

const REGION = { code: "eu-west-1", table: "tickets" };
const FUNCTION = "arn:aws:lambda:eu-west-1:000000000000:function:ireland-to-singapore-1a2b:live";

describe("iteratorAge()", () => {
  let calls: string[];
  const ageOf = (...maxima: readonly number[]): Promise<number> => {
    calls = [];
    return iteratorAge(REGION, NOW, async (args) => {
      calls.push(args.join(" "));
      if (args[1] === "describe-table") return { Table: { LatestStreamArn: "stream" } };
      if (args[1] === "list-event-source-mappings")
        return { EventSourceMappings: [{ FunctionArn: FUNCTION }] };
      return { Datapoints: maxima.map((Maximum) => ({ Maximum })) };
    });
  };

  it("returns the greatest of the last five minutes", async () => {
    assert.equal(await ageOf(10, 90_000, 20), 90_000);
    const [from, to] = [NOW - 300_000, NOW].map((time) => new Date(time).toISOString());
    assert.deepEqual(calls, [
      "dynamodb describe-table --region eu-west-1 --table-name tickets",
      "lambda list-event-source-mappings --region eu-west-1 --event-source-arn stream",
      "cloudwatch get-metric-statistics --namespace AWS/Lambda --metric-name IteratorAge --dimensions " +
        "Name=FunctionName,Value=ireland-to-singapore-1a2b --statistics Maximum --period 60 " +
        `--start-time ${from} --end-time ${to} --region eu-west-1`,
    ]);
  });

  it("rejects a function that was not invoked, as when nothing reads the stream", async () => {
    await assert.rejects(ageOf(), /was not invoked in the last five minutes/);
  });
});
