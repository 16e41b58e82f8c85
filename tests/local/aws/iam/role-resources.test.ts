import assert from "node:assert/strict";
import { LocalIam } from "../../../../local/aws/iam/iam";
import type { ExistingResource } from "../../../../local/aws/resource";
import { createResource, deleteResource, readResource, updateResource } from "../../support/create-resource";
import { LAMBDA_TRUST } from "../../support/function-roles";

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const TABLE = "arn:aws:dynamodb:eu-west-1:000000000000:table/tickets";
const allow = (Action: string): object => ({ Statement: { Effect: "Allow", Action, Resource: TABLE } });

describe("IAM resources", () => {
  let iam: LocalIam;
  let role: ExistingResource;
  beforeEach(async () => {
    iam = new LocalIam();
    role = await createRole();
  });

  const createRole = (
    inputs: Record<string, unknown> = {},
    physicalName?: string,
  ): Promise<ExistingResource> =>
    createResource(
      iam,
      ROLE,
      { assumeRolePolicy: LAMBDA_TRUST, ...inputs },
      { name: "reader", physicalName },
    );
  const attach = (inputs: Record<string, unknown> = {}): Promise<ExistingResource> =>
    createResource(iam, POLICY, { role: role.id, policy: allow("dynamodb:GetItem"), ...inputs });
  const isAllowed = (action: string): boolean =>
    iam.authorize(String(role.outputs.arn), action, TABLE).allowed;

  describe("Role", () => {
    it("is replaced for a name or path, as on AWS", () => {
      assert.deepEqual(Object.keys(iam.resourceHandlers[ROLE].replacing), ["name", "path"]);
    });

    it("applies a changed trust policy at once", async () => {
      const principal = { roleArn: String(role.outputs.arn), region: "eu-west-1", name: "get" };
      iam.issueCredentials(principal);
      const Statement = { ...LAMBDA_TRUST.Statement[0], Principal: { Service: "scheduler.amazonaws.com" } };
      const { outputs } = await updateResource(iam, role, { assumeRolePolicy: { Statement } });
      assert.deepEqual(outputs, role.outputs);
      assert.throws(() => iam.issueCredentials(principal), /cannot be assumed by Lambda/);
      assert.equal(iam.mayAssume(principal.roleArn, "scheduler.amazonaws.com"), true);
    });

    it("stays unchanged after a malformed trust policy", async () => {
      await assert.rejects(updateResource(iam, role, { assumeRolePolicy: "{}" }), /MalformedPolicyDocument/);
      assert.equal(iam.mayAssume(String(role.outputs.arn), "lambda.amazonaws.com"), true);
    });

    it("keeps its policies through an update", async () => {
      await attach();
      await updateResource(iam, role, { assumeRolePolicy: LAMBDA_TRUST, description: "reads" });
      assert.equal(isAllowed("dynamodb:GetItem"), true);
    });

    it("rejects a name that differs from a taken one only in case", async () => {
      await createRole({ name: "writer" });
      await assert.rejects(createRole({ name: "WRITER" }), /^Error: EntityAlreadyExists: .* WRITER/);
    });

    it("is not deleted with an inline policy", async () => {
      const policy = await attach({ name: "read" });
      await assert.rejects(deleteResource(iam, role), /^Error: DeleteConflict: .*inline policies read;/);
      assert.equal(isAllowed("dynamodb:GetItem"), true);
      await deleteResource(iam, policy);
      await deleteResource(iam, role);
      assert.equal(await readResource(iam, role), undefined);
      await deleteResource(iam, role);
    });

    it("is deleted with its inline policies when forceDetachPolicies is set", async () => {
      const policy = await attach();
      const forced = await updateResource(iam, role, {
        assumeRolePolicy: LAMBDA_TRUST,
        forceDetachPolicies: true,
      });
      await deleteResource(iam, forced);
      assert.equal(await readResource(iam, policy), undefined);
      await deleteResource(iam, policy);
    });

    it("has another unique id after it is created again", async () => {
      await deleteResource(iam, role);
      const again = await createRole();
      assert.equal(again.id, role.id);
      assert.notEqual(again.outputs.uniqueId, role.outputs.uniqueId);
    });

    it("is read with its current inputs", async () => {
      const inputs = { assumeRolePolicy: LAMBDA_TRUST, description: "reads" };
      await updateResource(iam, role, inputs);
      assert.deepEqual(await readResource(iam, role), {
        id: "reader-0123456",
        inputs: { ...inputs, name: "reader-0123456" },
        outputs: role.outputs,
      });
    });
  });

  describe("RolePolicy", () => {
    it("is replaced for a name or role, as on AWS", () => {
      assert.deepEqual(Object.keys(iam.resourceHandlers[POLICY].replacing), ["name", "role"]);
    });

    it("changes what the role may do at once", async () => {
      const policy = await attach();
      await updateResource(iam, policy, { role: role.id, policy: allow("dynamodb:PutItem") });
      assert.deepEqual([isAllowed("dynamodb:GetItem"), isAllowed("dynamodb:PutItem")], [false, true]);
      await deleteResource(iam, policy);
      assert.equal(isAllowed("dynamodb:PutItem"), false);
    });

    it("overwrites a policy of the same name", async () => {
      await attach({ name: "access" });
      await attach({ name: "access", policy: allow("dynamodb:PutItem") });
      assert.deepEqual([isAllowed("dynamodb:GetItem"), isAllowed("dynamodb:PutItem")], [false, true]);
    });

    it("stays unchanged when the new document is over the quota", async () => {
      const policy = await attach();
      const Resource = Array.from(
        { length: 120 },
        (_, index) => `${TABLE}-${String(index).padStart(30, "0")}`,
      );
      const large = { Statement: { Effect: "Allow", Action: "dynamodb:PutItem", Resource } };
      await assert.rejects(
        updateResource(iam, policy, { role: role.id, policy: large }),
        /^Error: LimitExceeded/,
      );
      assert.equal(isAllowed("dynamodb:GetItem"), true);
    });

    it("counts its old document no more against the quota", async () => {
      const Resource = Array.from(
        { length: 80 },
        (_, index) => `${TABLE}-${String(index).padStart(30, "0")}`,
      );
      const half = (Action: string): object => ({ Statement: { Effect: "Allow", Action, Resource } });
      const policy = await attach({ policy: half("dynamodb:GetItem") });
      await updateResource(iam, policy, { role: role.id, policy: half("dynamodb:PutItem") });
    });

    it("is imported by the names of its role and policy", async () => {
      const { id, inputs, outputs, ...policy } = await attach({ name: "access" });
      const imported = { ...policy, id, inputs: {}, outputs: {} };
      assert.deepEqual(await readResource(iam, imported), { id, inputs, outputs });
    });

    it("is read as it is now, and as gone after its deletion", async () => {
      const policy = await attach({ name: "access" });
      await attach({ name: "access", policy: allow("dynamodb:PutItem") });
      const inputs = { role: role.id, name: "access", policy: allow("dynamodb:PutItem") };
      assert.deepEqual(await readResource(iam, policy), {
        id: "reader-0123456:access",
        inputs,
        outputs: { name: "access", role: role.id },
      });
      await deleteResource(iam, policy);
      assert.equal(await readResource(iam, policy), undefined);
    });
  });
});
