import assert from "node:assert/strict";
import { parsePolicy, type PolicyKind } from "../../../../local/aws/iam/policy";

const VALID = { Effect: "Allow", Action: "dynamodb:GetItem", Resource: "*" };

describe("parsePolicy", () => {
  it("accepts JSON text and objects, with one statement or a list", () => {
    const one = parsePolicy({ Version: "2012-10-17", Statement: VALID }, "identity", "p");
    assert.deepEqual(parsePolicy(JSON.stringify({ Statement: [VALID] }), "identity", "p"), one);
    assert.deepEqual(one[0].actions, { values: ["dynamodb:GetItem"], negated: false });
  });

  it("returns the same principal for * and AWS *", () => {
    const principals = ["*", { AWS: "*" }, { AWS: ["*"] }].map(
      (Principal) => parsePolicy({ Statement: { ...VALID, Principal } }, "resource", "p")[0].principals,
    );
    assert.deepEqual(principals, Array(3).fill([{ type: "*", value: "*" }]));
  });

  const malformed: [problem: RegExp, document: unknown, kind?: PolicyKind][] = [
    [/not JSON/, "{"],
    [/must be a JSON object/, undefined],
    [/must be a JSON object/, "[]"],
    [/there is no Statement/, { Version: "2012-10-17" }],
    [/there is no Statement/, { Statement: [] }],
    [/unknown element Statements/, { Statements: [VALID] }],
    [/Version "2012" is unknown/, { Version: "2012", Statement: VALID }],
    [/statement 2: Effect is "allow"/, { Statement: [VALID, { ...VALID, Effect: "allow" }] }],
    [/unknown element Actions/, { Statement: { ...VALID, Actions: [] } }],
    [/exactly one of Action and NotAction/, { Statement: { ...VALID, NotAction: "s3:*" } }],
    [/exactly one of Resource and NotResource/, { Statement: { ...VALID, Resource: undefined } }],
    [/Action is empty/, { Statement: { ...VALID, Action: [] } }],
    [/action "GetItem" must be a service and an operation/, { Statement: { ...VALID, Action: "GetItem" } }],
    [/Action contains 1/, { Statement: { ...VALID, Action: 1 } }],
    [/resource "undefined\/\*" must be in ARN format/, { Statement: { ...VALID, Resource: "undefined/*" } }],
    [/policy variable/, { Statement: { ...VALID, Resource: "arn:aws:s3:::b/${aws:userid}" } }],
    [/must not have a Principal/, { Statement: { ...VALID, Principal: "*" } }],
    [/operator StringIs is unknown/, { Statement: { ...VALID, Condition: { StringIs: { a: "b" } } } }],
    [/object of keys/, { Statement: { ...VALID, Condition: { StringEquals: "b" } } }],
    [/a trust policy must not have a Resource/, { Statement: { ...VALID, Principal: "*" } }, "trust"],
    [/Principal is missing/, { Statement: VALID }, "resource"],
    [/Principal type Aws is unknown/, { Statement: { ...VALID, Principal: { Aws: "*" } } }, "resource"],
  ];
  for (const [problem, document, kind = "identity"] of malformed)
    it(`rejects ${JSON.stringify(document)} as ${kind} policy with ${problem}`, () => {
      assert.throws(
        () => parsePolicy(document, kind, "the policy of role r"),
        (error: Error) => {
          assert.match(error.message, /^MalformedPolicyDocument: the policy of role r: /);
          assert.match(error.message, problem);
          return true;
        },
      );
    });
});
