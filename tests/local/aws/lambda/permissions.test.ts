import assert from "node:assert/strict";
import { Permissions } from "../../../../local/aws/lambda/permissions";

const API = "arn:aws:execute-api:eu-west-1:000000000000:abc";
const ARN = "arn:aws:lambda:eu-west-1:000000000000:function:api";

describe("A Lambda permission", () => {
  const permissions = (inputs: Record<string, unknown>): Permissions => {
    const made = new Permissions();
    made.add({
      type: "aws:lambda/permission:Permission",
      name: "invoke",
      physicalName: "invoke-0123456",
      region: "eu-west-1",
      inputs: {
        action: "lambda:InvokeFunction",
        function: "api",
        principal: "apigateway.amazonaws.com",
        ...inputs,
      },
    });
    return made;
  };

  const cases: [string, Record<string, unknown>, string, string, boolean][] = [
    ["allows its principal", {}, "apigateway.amazonaws.com", `${API}/GET/x`, true],
    ["denies another principal", {}, "sns.amazonaws.com", `${API}/GET/x`, false],
    [
      "allows all principals with *",
      { principal: "*" },
      "sns.amazonaws.com",
      "arn:aws:sns:eu-west-1:0:t",
      true,
    ],
    ["accepts the function's ARN", { function: ARN }, "apigateway.amazonaws.com", `${API}/GET/x`, true],
    ["denies another function", { function: "other" }, "apigateway.amazonaws.com", `${API}/GET/x`, false],
    [
      "allows its source",
      { sourceArn: `${API}/*/*` },
      "apigateway.amazonaws.com",
      `${API}/$default/GET/tickets/{id}`,
      true,
    ],
    ["denies another source", { sourceArn: `${API}/*/*` }, "apigateway.amazonaws.com", `${API}d/x/y`, false],
    [
      "compares a source without wildcards exactly",
      { sourceArn: API },
      "apigateway.amazonaws.com",
      `${API}/x`,
      false,
    ],
    [
      "matches no wildcard across the parts of an ARN",
      { sourceArn: "arn:aws:*:x" },
      "apigateway.amazonaws.com",
      `${API}/x`,
      false,
    ],
    [
      "denies another account",
      { sourceAccount: "111111111111" },
      "apigateway.amazonaws.com",
      `${API}/x`,
      false,
    ],
  ];
  for (const [what, inputs, principal, source, expected] of cases)
    it(what, () => assert.equal(permissions(inputs).allows(ARN, principal, source), expected));

  it("rejects an action or an input that is not emulated", () => {
    assert.throws(
      () => permissions({ action: "lambda:GetFunction" }),
      /invoke: action must be lambda:InvokeFunction/,
    );
    assert.throws(() => permissions({ principalOrgId: "o-1" }), /does not support principalOrgId/);
  });
});
