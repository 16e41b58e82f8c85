import assert from "node:assert/strict";
import type { ExistingResource } from "../../../../local/aws/resource";
import { createResource, deleteResource, readResource } from "../../support/create-resource";
import type { LambdaFixture } from "./lambda-fixture";
import { startLambda } from "./lambda-fixture";

const PERMISSION = "aws:lambda/permission:Permission";
const API = "arn:aws:execute-api:eu-west-1:000000000000:abc";
const ARN = "arn:aws:lambda:eu-west-1:000000000000:function:api";
const GATEWAY = "apigateway.amazonaws.com";

describe("A Lambda permission", () => {
  let fixture: LambdaFixture;
  let api: ExistingResource;
  before(async () => (fixture = await startLambda()));
  after(() => fixture.remove());
  beforeEach(async () => {
    for (const name of ["api", "other"])
      api = await fixture.deploy("exports.handler = async () => 1;", { name });
  });
  afterEach(async () => {
    for (const id of ["api", "other"]) await deleteResource(fixture.lambda, { ...api, id });
  });

  const permit = (inputs: Record<string, unknown> = {}, physicalName?: string): Promise<ExistingResource> =>
    createResource(
      fixture.lambda,
      PERMISSION,
      { action: "lambda:InvokeFunction", function: "api", principal: GATEWAY, ...inputs },
      { name: "invoke", physicalName },
    );
  const isPermitted = (): boolean => fixture.lambda.permits(ARN, GATEWAY, `${API}/GET/x`);

  const cases: [string, Record<string, unknown>, string, string, boolean][] = [
    ["allows its principal", {}, GATEWAY, `${API}/GET/x`, true],
    ["denies another principal", {}, "sns.amazonaws.com", `${API}/GET/x`, false],
    [
      "allows all principals with *",
      { principal: "*" },
      "sns.amazonaws.com",
      "arn:aws:sns:eu-west-1:0:t",
      true,
    ],
    ["accepts the function's ARN", { function: ARN }, GATEWAY, `${API}/GET/x`, true],
    ["denies another function", { function: "other" }, GATEWAY, `${API}/GET/x`, false],
    ["allows its source", { sourceArn: `${API}/*/*` }, GATEWAY, `${API}/$default/GET/tickets/{id}`, true],
    ["denies another source", { sourceArn: `${API}/*/*` }, GATEWAY, `${API}d/x/y`, false],
    ["compares a source without wildcards exactly", { sourceArn: API }, GATEWAY, `${API}/x`, false],
    [
      "matches no wildcard across the parts of an ARN",
      { sourceArn: "arn:aws:*:x" },
      GATEWAY,
      `${API}/x`,
      false,
    ],
    ["denies another account", { sourceAccount: "111111111111" }, GATEWAY, `${API}/x`, false],
  ];
  for (const [what, inputs, principal, source, expected] of cases)
    it(what, async () => {
      await permit(inputs);
      assert.equal(fixture.lambda.permits(ARN, principal, source), expected);
    });

  it("rejects an action or an input that is not emulated", async () => {
    await assert.rejects(
      permit({ action: "lambda:GetFunction" }),
      /invoke: action must be lambda:InvokeFunction/,
    );
    await assert.rejects(permit({ principalOrgId: "o-1" }), /does not support principalOrgId/);
  });

  it("rejects a function that does not exist", () =>
    assert.rejects(
      permit({ function: "absent" }),
      /ResourceNotFoundException: .* no function absent in eu-west-1/,
    ));

  it("with a qualifier applies only to invocations with that alias, and without one only to those without", async () => {
    await fixture.change({ ...api, id: "api", inputs: { ...api.inputs, name: "api" } }, { publish: true });
    const alias = await createResource(fixture.lambda, "aws:lambda/alias:Alias", {
      ...{ functionName: "api", functionVersion: "1", name: "live" },
    });
    const permitted = (): boolean[] =>
      ["", ":live", ":1"].map((qualifier) => fixture.lambda.permits(`${ARN}${qualifier}`, GATEWAY, API));
    const unqualified = await permit({ statementId: "gateway" });
    assert.deepEqual(permitted(), [true, false, false]);
    const ofAlias = await permit({ statementId: "gateway", qualifier: "live" });
    assert.deepEqual(permitted(), [true, true, false]);
    await deleteResource(fixture.lambda, unqualified);
    assert.deepEqual(permitted(), [false, true, false]);
    const { id, inputs, outputs } = ofAlias;
    const imported = { ...ofAlias, id: "api:live/gateway", inputs: {}, outputs: {} };
    assert.deepEqual(await readResource(fixture.lambda, imported), { id, inputs, outputs });
    await deleteResource(fixture.lambda, alias);
    assert.deepEqual(permitted(), [false, false, false]);
    assert.equal(await readResource(fixture.lambda, ofAlias), undefined);
    await deleteResource(fixture.lambda, ofAlias);
    await assert.rejects(
      permit({ qualifier: "live" }),
      /ResourceNotFoundException: .* no function api with the version or alias live in eu-west-1/,
    );
  });

  it("rejects a statement id that the function has, but not that another function has", async () => {
    await permit({ statementId: "gateway" });
    await permit({ statementId: "gateway", function: "other" });
    await assert.rejects(
      permit({ statementId: "gateway" }),
      /^Error: ResourceConflictException: .*\(gateway\)/,
    );
  });

  it("is replaced for every input, as on AWS", () => {
    const { replacing, updatable } = fixture.lambda.resourceHandlers[PERMISSION];
    assert.deepEqual(updatable, []);
    const inputs = [
      "action",
      "function",
      "principal",
      "qualifier",
      "sourceAccount",
      "sourceArn",
      "statementId",
    ];
    assert.deepEqual(Object.keys(replacing).sort(), [...inputs, "region"].sort());
  });

  it("permits throughout a replacement, and nothing after it is deleted", async () => {
    const old = await permit({ sourceArn: `${API}/*/*` });
    const replacement = await permit({ sourceArn: `${API}/GET/*` }, "invoke-1111111");
    assert.notEqual(replacement.id, old.id);
    await deleteResource(fixture.lambda, old);
    assert.equal(isPermitted(), true);
    assert.equal(await readResource(fixture.lambda, old), undefined);
    await deleteResource(fixture.lambda, old);
    await deleteResource(fixture.lambda, replacement);
    assert.equal(isPermitted(), false);
  });

  it("is imported by the names of its function and statement", async () => {
    const { id, inputs, outputs } = await permit({ statementId: "gateway" });
    const imported = {
      type: PERMISSION,
      name: "it",
      region: "eu-west-1",
      id: "api/gateway",
      inputs: {},
      outputs: {},
    };
    assert.deepEqual(await readResource(fixture.lambda, imported), { id, inputs, outputs });
    assert.equal(await readResource(fixture.lambda, { ...imported, id: "other/gateway" }), undefined);
    await assert.rejects(
      readResource(fixture.lambda, { ...imported, id: "gateway" }),
      /FUNCTION_NAME\/STATEMENT_ID/,
    );
  });

  it("disappears with its function, and stays through a change of the function", async () => {
    const permission = await permit();
    const changed = await fixture.change(
      { ...api, id: "api", inputs: { ...api.inputs, name: "api" } },
      { timeout: 9 },
    );
    assert.equal(isPermitted(), true);
    assert.deepEqual(await readResource(fixture.lambda, permission), {
      id: permission.id,
      inputs: permission.inputs,
      outputs: permission.outputs,
    });
    await deleteResource(fixture.lambda, changed);
    assert.equal(await readResource(fixture.lambda, permission), undefined);
    await fixture.deploy("exports.handler = async () => 1;", { name: "api" });
    assert.equal(isPermitted(), false);
  });
});
