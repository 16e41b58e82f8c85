import assert from "node:assert/strict";
import { conditionHolds, type RequestContext } from "../../../../local/aws/iam/conditions";

const KEYS = "dynamodb:LeadingKeys";
const ARN = "arn:aws:lambda:eu-west-1:000000000000:function:f";

type Case = [operator: string, key: string, values: string[], context: RequestContext, holds: boolean];

describe("conditionHolds", () => {
  const cases: Case[] = [
    ["StringEquals", "s3:prefix", ["a", "b"], { "s3:prefix": "b" }, true],
    ["StringEquals", "S3:Prefix", ["a"], { "s3:prefix": "a" }, true],
    ["StringEquals", "s3:prefix", ["a"], { "s3:prefix": "A" }, false],
    ["StringEquals", "s3:prefix", ["a*"], { "s3:prefix": "ab" }, false],
    ["StringLike", "s3:prefix", ["a*"], { "s3:prefix": "ab" }, true],
    ["StringNotEquals", "s3:prefix", ["a", "b"], { "s3:prefix": "b" }, false],
    ["StringNotEquals", "s3:prefix", ["a", "b"], { "s3:prefix": "c" }, true],
    ["ArnLike", "aws:SourceArn", ["arn:aws:lambda:*:*:function:f"], { "aws:SourceArn": ARN }, true],
    ["ArnEquals", "aws:SourceArn", ["arn:aws:s3:::b"], { "aws:SourceArn": ARN }, false],
    ["Bool", "aws:SecureTransport", ["false"], { "aws:SecureTransport": "true" }, false],
    ["Bool", "aws:SecureTransport", ["True"], { "aws:SecureTransport": "true" }, true],
    ["Null", KEYS, ["true"], {}, true],
    ["Null", KEYS, ["false"], {}, false],
    ["Null", KEYS, ["false"], { [KEYS]: ["a"] }, true],
    // Absent keys: plain operators fail, negated ones and IfExists hold.
    ["StringEquals", "s3:prefix", ["a"], {}, false],
    ["StringLikeIfExists", "s3:prefix", ["a"], {}, true],
    ["StringEqualsIfExists", "s3:prefix", ["a"], { "s3:prefix": "b" }, false],
    ["StringNotEquals", "s3:prefix", ["a"], {}, true],
    // Sets: ForAllValues holds for an absent key, ForAnyValue does not.
    ["ForAllValues:StringEquals", KEYS, ["a", "b"], { [KEYS]: ["a", "b", "a"] }, true],
    ["ForAllValues:StringEquals", KEYS, ["a", "b"], { [KEYS]: ["a", "c"] }, false],
    ["ForAllValues:StringEquals", KEYS, ["a"], {}, true],
    ["ForAllValues:StringNotEquals", KEYS, ["a"], { [KEYS]: ["b", "a"] }, false],
    ["ForAnyValue:StringLike", KEYS, ["canary#*"], { [KEYS]: ["x", "canary#1"] }, true],
    ["ForAnyValue:StringEquals", KEYS, ["a"], { [KEYS]: ["b"] }, false],
    ["ForAnyValue:StringEquals", KEYS, ["a"], {}, false],
    ["ForAnyValue:StringEqualsIfExists", KEYS, ["a"], {}, false],
    ["ForAnyValue:StringNotEquals", KEYS, ["a"], {}, false],
    ["ForAnyValue:StringNotEquals", KEYS, ["a", "b"], { [KEYS]: ["a", "b"] }, false],
    ["ForAnyValue:StringNotEquals", KEYS, ["a", "b"], { [KEYS]: ["a", "c"] }, true],
    ["ForAnyValue:StringLike", KEYS, ["*-*"], { [KEYS]: ["01JD9Z3N8Q"] }, false],
    ["ForAnyValue:StringLike", KEYS, ["*-*"], { [KEYS]: ["01JD9Z3N8Q", "routing-eu-west-1"] }, true],
    ["ForAnyValue:StringLike", KEYS, ["*-*"], { [KEYS]: ["-"] }, true],
    ["ForAnyValue:StringNotLike", KEYS, ["*-*"], {}, false],
    ["ForAllValues:StringEqualsIfExists", KEYS, ["a"], {}, true],
    // A key with only empty values counts as absent.
    ["ForAllValues:StringEquals", KEYS, ["a"], { [KEYS]: [] }, true],
    ["ForAnyValue:StringNotEquals", KEYS, ["a"], { [KEYS]: [] }, false],
    ["ForAllValues:StringEquals", KEYS, ["a"], { [KEYS]: [""] }, true],
    ["Null", KEYS, ["false"], { [KEYS]: [] }, false],
    ["Null", KEYS, ["true"], { [KEYS]: [""] }, true],
  ];
  for (const [operator, key, values, context, holds] of cases)
    it(`returns ${holds} for ${operator} ${key} ${values} and ${JSON.stringify(context)}`, () => {
      assert.equal(conditionHolds({ operator, key, values }, context), holds);
    });

  it("throws an error that names an operator or key that it cannot evaluate", () => {
    const evaluate = (operator: string, key: string, context: RequestContext = {}) =>
      conditionHolds({ operator, key, values: ["x"] }, context);
    assert.throws(() => evaluate("IpAddress", "s3:prefix"), /IpAddress is not emulated/);
    assert.throws(() => evaluate("NumericLessThan", "s3:max-keys"), /NumericLessThan is not emulated/);
    assert.throws(() => evaluate("StringEquals", "aws:SourceIp"), /key aws:SourceIp is not emulated/);
    assert.throws(() => evaluate("StringEqualsIfExists", "aws:PrincipalTag/team"), /aws:PrincipalTag\/team/);
    assert.throws(() => evaluate("StringEquals", KEYS, { [KEYS]: ["x"] }), /ForAllValues:StringEquals/);
  });
});
