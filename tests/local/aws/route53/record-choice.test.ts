import assert from "node:assert/strict";
import fc from "fast-check";
import { chooseFailover } from "../../../../local/aws/route53/record-choice";

describe("chooseFailover", () => {
  const health = fc.option(fc.boolean(), { nil: undefined });
  const pair = fc.record({ PRIMARY: health, SECONDARY: health });

  it("returns the primary when it is healthy, for any secondary", () => {
    fc.assert(
      fc.property(health, (secondary) => {
        assert.equal(chooseFailover({ PRIMARY: true, SECONDARY: secondary }), "PRIMARY");
      }),
    );
  });

  it("returns the secondary only when it is healthy and the primary is unhealthy or missing", () => {
    fc.assert(
      fc.property(pair, (records) => {
        const expected =
          (records.SECONDARY === true && records.PRIMARY !== true) ||
          (records.SECONDARY === false && records.PRIMARY === undefined);
        assert.equal(chooseFailover(records) === "SECONDARY", expected);
      }),
    );
  });

  it("returns an existing record whenever there is one", () => {
    fc.assert(
      fc.property(pair, (records) => {
        const role = chooseFailover(records);
        const exists = records.PRIMARY !== undefined || records.SECONDARY !== undefined;
        assert.equal(role !== undefined && records[role] !== undefined, exists);
      }),
    );
  });

  it("returns the primary when both are unhealthy", () => {
    assert.equal(chooseFailover({ PRIMARY: false, SECONDARY: false }), "PRIMARY");
  });
});
