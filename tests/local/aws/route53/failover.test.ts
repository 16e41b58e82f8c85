import assert from "node:assert/strict";
import fc from "fast-check";
import { chooseFailover } from "../../../../local/aws/route53/record-choice";

describe("The failover rule", () => {
  const health = fc.option(fc.boolean(), { nil: undefined });
  const pair = fc.record({ PRIMARY: health, SECONDARY: health });

  it("answers primary when it is healthy, whatever the secondary is", () => {
    fc.assert(
      fc.property(health, (secondary) => {
        assert.equal(chooseFailover({ PRIMARY: true, SECONDARY: secondary }), "PRIMARY");
      }),
    );
  });

  it("answers secondary only when it is healthy and the primary is not, or there is no primary", () => {
    fc.assert(
      fc.property(pair, (records) => {
        const expected =
          (records.SECONDARY === true && records.PRIMARY !== true) ||
          (records.SECONDARY === false && records.PRIMARY === undefined);
        assert.equal(chooseFailover(records) === "SECONDARY", expected);
      }),
    );
  });

  it("always answers with a record that exists, and answers whenever one exists", () => {
    fc.assert(
      fc.property(pair, (records) => {
        const role = chooseFailover(records);
        const exists = records.PRIMARY !== undefined || records.SECONDARY !== undefined;
        assert.equal(role !== undefined && records[role] !== undefined, exists);
      }),
    );
  });

  it("answers primary when both are unhealthy", () => {
    assert.equal(chooseFailover({ PRIMARY: false, SECONDARY: false }), "PRIMARY");
  });
});
