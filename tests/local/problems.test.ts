import assert from "node:assert/strict";
import type { ConsoleProblem } from "../../local/console/state";
import { Problems } from "../../local/problems";

const GET = { arn: "arn:get", name: "ireland-api-get-0a1b2c3", region: "eu-west-1" };
const LIST = { arn: "arn:list", name: "ireland-api-list-0a1b2c3", region: "eu-west-1" };
const ERROR = {
  errorType: "TypeError",
  errorMessage: "no table",
  trace: [
    "TypeError: no table",
    "    at factory (functions/tickets/get.ts:3:1)",
    "    at node:internal/main:1:1",
  ],
};
const UPDATE = { title: "index.ts could not be applied", detail: "It is wrong." };

describe("Problems of a local cloud", () => {
  let reports: string[];
  let shown: (ConsoleProblem | undefined)[];
  let problems: Problems;

  beforeEach(() => {
    [reports, shown] = [[], []];
    problems = new Problems((text) => reports.push(text));
    problems.onChange = (problem) => shown.push(problem);
  });

  it("include a function that does not start, with its reason, until it starts", () => {
    problems.noteStart(GET, ERROR);
    const reason = "TypeError: no table\n    at factory (functions/tickets/get.ts:3:1)";
    assert.deepEqual(problems.current, {
      title: "ireland-api-get does not start",
      detail: `${reason}\n\nEvery invocation fails until the code is fixed.`,
    });
    assert.deepEqual(reports, [`ireland-api-get does not start. ${reason}`]);
    problems.noteStart(GET, undefined);
    assert.equal(problems.current, undefined);
    assert.deepEqual([shown.length, shown[1]], [2, undefined]);
  });

  it("report each reason of a function once, and a reason of several functions in one problem", () => {
    for (const reported of [LIST, GET, LIST]) problems.noteStart(reported, ERROR);
    assert.equal(reports.length, 2);
    assert.equal(problems.current?.title, "ireland-api-get, ireland-api-list do not start");
    assert.equal(problems.current?.detail.match(/no table/g)?.length, 1);
    problems.noteStart(LIST, { errorType: "Error", errorMessage: "another reason" });
    assert.match(reports[2], /^ireland-api-list does not start\. Error: another reason$/);
    assert.match(problems.current?.detail ?? "", /no table[^]*\n\nError: another reason\n\nEvery/);
  });

  it("show a failed update first, and report no change of what is hidden", () => {
    problems.noteUpdate(UPDATE);
    problems.noteStart(GET, ERROR);
    assert.deepEqual(shown, [UPDATE]);
    problems.noteUpdate(undefined);
    assert.equal(shown[1]?.title, "ireland-api-get does not start");
    problems.noteUpdate(undefined);
    problems.noteStart(LIST, undefined);
    assert.equal(shown.length, 2);
  });
});
