import assert from "node:assert/strict";
import fc from "fast-check";
import { matchesArn, matchesWildcard, matchesWildcardIgnoringCase } from "../../../../local/aws/iam/wildcard";

const few = (characters: string): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...characters), { maxLength: 10 }).map((all) => all.join(""));

function byRegularExpression(pattern: string, text: string): boolean {
  const source = pattern.replace(/[.]/g, "\\.").replace(/\*/g, ".*").replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "s").test(text);
}

describe("IAM wildcards", () => {
  it("return the same as a regular expression for every pattern and text", () => {
    fc.assert(
      fc.property(few("ab.*?"), few("ab.\n"), (pattern, text) => {
        assert.equal(matchesWildcard(pattern, text), byRegularExpression(pattern, text));
      }),
      { numRuns: 2000 },
    );
  });

  it("match every text made from the pattern itself", () => {
    const parts = fc.array(fc.tuple(few("abc"), few("abc")), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(parts, (pairs) => {
        const pattern = pairs.map(([fixed]) => `${fixed}*`).join("");
        const text = pairs.map(([fixed, free]) => fixed + free).join("");
        assert.ok(matchesWildcard(pattern, text));
      }),
    );
  });

  it("ignore case in action names, but not in ARNs", () => {
    assert.ok(matchesWildcardIgnoringCase("DynamoDB:get*", "dynamodb:GetItem"));
    assert.ok(!matchesWildcard("table/Tickets", "table/tickets"));
  });

  it("handle a pattern that takes a backtracking matcher exponential time", () => {
    assert.equal(matchesWildcard("*a".repeat(40), "a".repeat(39) + "b".repeat(2000)), false);
  });

  for (const [pattern, arn, expected] of [
    ["arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a:b/c", true],
    ["arn:aws:dynamodb:*:*:table/*", "arn:aws:dynamodb:eu-west-1:000000000000:table/tickets", true],
    ["arn:aws:*:table/tickets", "arn:aws:dynamodb:eu-west-1:000000000000:table/tickets", false],
    ["arn:aws:sqs:eu-west-?:*:q", "arn:aws:sqs:eu-west-1:000000000000:q", true],
  ] as const)
    it(`${expected ? "match" : "do not match"} ${arn} with ${pattern}, part by part`, () => {
      assert.equal(matchesArn(pattern, arn), expected);
    });
});
