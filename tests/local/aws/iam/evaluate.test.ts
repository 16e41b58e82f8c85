import assert from "node:assert/strict";
import fc from "fast-check";
import { evaluate, type Verdict } from "../../../../local/aws/iam/evaluate";
import { parsePolicy } from "../../../../local/aws/iam/policy";

const TABLE = "arn:aws:dynamodb:eu-west-1:000000000000:table/tickets";

function verdictOf(statements: readonly object[], action: string, resource: string, context = {}): Verdict {
  return evaluate(parsePolicy({ Statement: statements }, "identity", "p"), { action, resource, context });
}

describe("evaluate", () => {
  const allow = (Action: unknown, Resource: unknown = "*") => ({ Effect: "Allow", Action, Resource });
  const deny = (Action: unknown, Resource: unknown = "*") => ({ Effect: "Deny", Action, Resource });
  const cases: [what: string, statements: object[], action: string, resource: string, verdict: Verdict][] = [
    [
      "an exact action and resource",
      [allow("dynamodb:GetItem", TABLE)],
      "dynamodb:GetItem",
      TABLE,
      "allowed",
    ],
    ["an action in another case", [allow("DYNAMODB:getitem", TABLE)], "dynamodb:GetItem", TABLE, "allowed"],
    ["one action of a list", [allow(["s3:*", "dynamodb:Get*"])], "dynamodb:GetItem", TABLE, "allowed"],
    ["a wildcard of one character", [allow("*", `${TABLE.slice(0, -1)}?`)], "a:B", TABLE, "allowed"],
    ["another action", [allow("dynamodb:GetItem", TABLE)], "dynamodb:PutItem", TABLE, "not-allowed"],
    ["the table's index", [allow("*", TABLE)], "dynamodb:Query", `${TABLE}/index/byStatus`, "not-allowed"],
    [
      "an index by wildcard",
      [allow("*", `${TABLE}/index/*`)],
      "dynamodb:Query",
      `${TABLE}/index/a`,
      "allowed",
    ],
    ["no statement that applies", [allow("s3:*")], "dynamodb:GetItem", TABLE, "not-allowed"],
    ["a deny after an allow", [allow("*"), deny("dynamodb:*")], "dynamodb:Scan", TABLE, "explicitly-denied"],
    ["a deny elsewhere", [allow("*"), deny("*", `${TABLE}2`)], "dynamodb:Scan", TABLE, "allowed"],
    [
      "NotAction",
      [{ Effect: "Allow", NotAction: "dynamodb:Delete*", Resource: "*" }],
      "dynamodb:DeleteItem",
      TABLE,
      "not-allowed",
    ],
    [
      "NotResource",
      [allow("*"), { Effect: "Deny", Action: "*", NotResource: TABLE }],
      "dynamodb:Scan",
      `${TABLE}2`,
      "explicitly-denied",
    ],
  ];
  for (const [what, statements, action, resource, verdict] of cases)
    it(`returns ${verdict} for ${what}`, () => {
      assert.equal(verdictOf(statements, action, resource), verdict);
    });

  it("applies a statement only if all its conditions hold", () => {
    const Condition = {
      "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["canary"] },
      StringEquals: { "dynamodb:EnclosingOperation": "TransactWriteItems" },
    };
    const verdict = (key: string, operation: string) =>
      verdictOf([{ ...allow("*"), Condition }], "dynamodb:PutItem", TABLE, {
        "dynamodb:LeadingKeys": [key],
        "dynamodb:EnclosingOperation": operation,
      });
    assert.equal(verdict("canary", "TransactWriteItems"), "allowed");
    assert.equal(verdict("other", "TransactWriteItems"), "not-allowed");
    assert.equal(verdict("canary", "TransactGetItems"), "not-allowed");
  });

  it("evaluates a condition only if the rest of its statement applies", () => {
    const odd = { ...allow("s3:GetObject"), Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } };
    assert.equal(verdictOf([odd, allow("dynamodb:*")], "dynamodb:GetItem", TABLE), "allowed");
    assert.throws(() => verdictOf([odd, allow("*")], "s3:GetObject", "arn:aws:s3:::b/k"), /IpAddress/);
  });

  it("lets an explicit deny override all other statements, in any order", () => {
    const pattern = fc.constantFrom("*", "dynamodb:*", "dynamodb:GetItem", "dynamodb:Put?tem", "s3:*");
    const resource = fc.constantFrom("*", TABLE, `${TABLE}*`, "arn:aws:s3:::b");
    const statement = fc.record({
      Effect: fc.constantFrom("Allow", "Deny"),
      Action: pattern,
      Resource: resource,
    });
    const action = fc.constantFrom("dynamodb:GetItem", "dynamodb:PutItem", "s3:PutObject");
    fc.assert(
      fc.property(fc.array(statement), fc.array(statement), action, (before, after, requested) => {
        const denying = { Effect: "Deny", Action: requested, Resource: TABLE };
        assert.equal(verdictOf([...before, denying, ...after], requested, TABLE), "explicitly-denied");
      }),
    );
  });

  it("denies an action that no Allow statement names", () => {
    const statement = fc.record({
      Effect: fc.constant("Deny"),
      Action: fc.constantFrom("*", "s3:*"),
      Resource: fc.constant("*"),
    });
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1 }), (statements) => {
        assert.notEqual(verdictOf(statements, "s3:GetObject", TABLE), "allowed");
      }),
    );
  });
});
