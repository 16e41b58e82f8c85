import assert from "node:assert/strict";
import {
  ApiProblem,
  ConcurrentChange,
  Fault,
  NoRegionResponds,
  RegionBehind,
  RegionFailure,
} from "../../ui/src/data/errors";
import { writeErrorText, regionLabel } from "../../ui/src/data/messages";
import { ireland, singapore } from "./fake-regions";

const regions = [ireland, singapore];

describe("Messages of the web UI", () => {
  const textOf = (error: unknown): string => writeErrorText(error, regions);

  it("name a region with its code, and an unknown region by its code only", () => {
    assert.equal(regionLabel("eu-west-1", regions), "Ireland · eu-west-1");
    assert.equal(regionLabel("us-east-1", regions), "us-east-1");
  });

  it("distinguish uncertain from failed writes, and describe how each region failed", () => {
    const failed = (...faults: Fault[]): RegionFailure[] =>
      faults.map((fault, index) => new RegionFailure(regions[index], "a test", { fault }));
    const lost = (uncertain: boolean, ...faults: Fault[]): string =>
      textOf(new NoRegionResponds(failed(...faults), uncertain));
    assert.equal(
      lost(true, "unreachable", "unreachable"),
      "This may or may not have been saved. Retrying is safe.",
    );
    assert.equal(
      lost(false, 503, "unreachable"),
      "Not saved. Ireland is unavailable (HTTP 503). Singapore does not respond. Try again in a moment.",
    );
    assert.match(
      lost(true, 500, "unreadable"),
      /Ireland returns errors \(HTTP 500\)\. Singapore returns responses/,
    );
  });

  it("describe the change of another user, without the values of long texts", () => {
    const lost = (theirs: ConstructorParameters<typeof ConcurrentChange>[0]): string =>
      textOf(new ConcurrentChange(theirs));
    assert.equal(lost({ priority: "high" }), "Not saved: another user changed the priority to high.");
    assert.equal(
      lost({ description: "x".repeat(41), assignee: "", subject: "Oven" }),
      "Not saved: another user changed the description, the assignee to unassigned and the subject to “Oven”.",
    );
    assert.equal(lost(undefined), "Not saved: another user deleted this ticket.");
    assert.equal(
      textOf(new ConcurrentChange({ priority: "high" }, true)),
      "This may or may not have been saved: another user changed the priority to high.",
    );
  });

  it("name the region that is behind, and quote the API", () => {
    assert.match(textOf(new RegionBehind("ap-southeast-1")), /Singapore does not have the last change/);
    const problem = { status: 400, title: "Wrong", detail: "subject: Is required.", errors: [] };
    assert.equal(textOf(new ApiProblem(problem)), "subject: Is required.");
    assert.equal(
      textOf(new ApiProblem(problem, true)),
      "This may or may not have been saved. subject: Is required. Retrying is safe.",
    );
  });

  it("rethrow an unknown error", () => {
    const bug = new TypeError("x is not a function");
    assert.throws(() => textOf(bug), bug);
  });
});
