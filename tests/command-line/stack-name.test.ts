import assert from "node:assert/strict";
import { isSameStack, parseStackName } from "../../command-line/stack-name";

describe("parseStackName", () => {
  it("accepts the three forms of the Pulumi CLI", () => {
    assert.deepEqual(parseStackName("ireland"), { stack: "ireland" });
    assert.deepEqual(parseStackName("acme/ireland"), { organization: "acme", stack: "ireland" });
    assert.deepEqual(parseStackName("acme/tickets/ireland"), {
      organization: "acme",
      project: "tickets",
      stack: "ireland",
    });
    assert.equal(parseStackName("organization/tickets/my_stack.v-2").stack, "my_stack.v-2");
  });

  const forms =
    /is not a stack name\. Use ireland, organization\/ireland or organization\/tickets\/ireland; /;
  for (const text of [
    "",
    " ",
    "/ireland",
    "acme//ireland",
    "acme/tickets/",
    "a/b/c/d",
    "../../etc/passwd",
    "acme/../../x/y",
    "ire land",
    "ireland\u001b[2J",
    "ireland\n",
    "irlandé",
    "..\\ireland",
    "x".repeat(101),
  ])
    it(`rejects ${JSON.stringify(text).slice(0, 30)} and states the accepted forms`, () => {
      assert.throws(() => parseStackName(text), { message: forms });
    });

  it("rejects the stack of another project", () => {
    assert.throws(() => parseStackName("acme/shop/ireland"), {
      message:
        "The stack acme/shop/ireland belongs to the project shop, but this project is tickets; use acme/tickets/ireland.",
    });
  });
});

describe("isSameStack", () => {
  it("compares only what both names state", () => {
    const same: [string, string][] = [
      ["ireland", "acme/tickets/ireland"],
      ["acme/ireland", "acme/tickets/ireland"],
      ["acme/ireland", "ireland"],
    ];
    for (const [one, other] of same) assert.ok(isSameStack(one, other), `${one} and ${other}`);
    for (const [one, other] of [
      ["ireland", "acme/tickets/singapore"],
      ["acme/ireland", "other/ireland"],
    ])
      assert.ok(!isSameStack(one, other), `${one} and ${other}`);
  });
});
