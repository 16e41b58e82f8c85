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

describe("The page's words", () => {
  const words = (error: unknown): string => writeErrorText(error, regions);

  it("name a region with its code, and an unknown one by its code alone", () => {
    assert.equal(regionLabel("eu-west-1", regions), "Ireland · eu-west-1");
    assert.equal(regionLabel("us-east-1", regions), "us-east-1");
  });

  it("tell a write that may have been saved from one that was not, and how each region failed", () => {
    const failed = (...faults: Fault[]): RegionFailure[] =>
      faults.map((fault, index) => new RegionFailure(regions[index], "a test", fault));
    const lost = (uncertain: boolean, ...faults: Fault[]): string =>
      words(new NoRegionResponds(failed(...faults), uncertain));
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

  it("say what somebody else did, long texts by their field alone", () => {
    const lost = (theirs: ConstructorParameters<typeof ConcurrentChange>[0]): string =>
      words(new ConcurrentChange(theirs));
    assert.equal(lost({ priority: "high" }), "Not saved: another user changed the priority to high.");
    assert.equal(
      lost({ description: "x".repeat(41), assignee: "", subject: "Oven" }),
      "Not saved: another user changed the description, the assignee to unassigned and the subject to “Oven”.",
    );
    assert.equal(lost(undefined), "Not saved: another user deleted this ticket.");
  });

  it("say which region is behind, and what the API says", () => {
    assert.match(words(new RegionBehind("ap-southeast-1")), /Singapore does not have the last change/);
    const problem = { status: 400, title: "Wrong", detail: "subject: Is required.", errors: [] };
    assert.equal(words(new ApiProblem(problem)), "subject: Is required.");
  });

  it("do not hide an error they do not know", () => {
    const bug = new TypeError("x is not a function");
    assert.throws(() => words(bug), bug);
  });
});
