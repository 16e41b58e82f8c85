import assert from "node:assert/strict";
import { LocalIam } from "../../../../local/aws/iam/iam";
import { parsePolicy } from "../../../../local/aws/iam/policy";
import { createResource } from "../../support/create-resource";
import { LAMBDA_TRUST } from "../../support/function-roles";

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const TABLE = "arn:aws:dynamodb:eu-west-1:000000000000:table/tickets";
const READ = { Statement: { Effect: "Allow", Action: "dynamodb:GetItem", Resource: TABLE } };

describe("LocalIam", () => {
  let iam: LocalIam;
  beforeEach(() => {
    iam = new LocalIam();
  });

  async function createRole(inputs: Record<string, unknown> = {}): Promise<string> {
    const { outputs } = await createResource(iam, ROLE, {
      name: "reader",
      assumeRolePolicy: LAMBDA_TRUST,
      ...inputs,
    });
    return String(outputs.arn);
  }

  it("returns the provider's outputs for a role, with its path in the ARN", async () => {
    const { id, outputs } = await createResource(iam, ROLE, {
      path: "/app/",
      assumeRolePolicy: JSON.stringify(LAMBDA_TRUST),
      tags: { a: "b" },
    });
    assert.equal(id, "it-0123456");
    assert.equal(outputs.arn, "arn:aws:iam::000000000000:role/app/it-0123456");
    assert.match(String(outputs.uniqueId), /^AROA[A-Z\d]{17}$/);
  });

  it("allows what any policy of the role allows, and denies the rest with IAM's message", async () => {
    const arn = await createRole();
    await createResource(iam, POLICY, { role: "reader", policy: JSON.stringify(READ) });
    assert.deepEqual(iam.authorize(arn, "dynamodb:GetItem", TABLE), { allowed: true });
    assert.deepEqual(iam.authorize(arn, "dynamodb:Scan", TABLE), {
      allowed: false,
      reason: `${arn} is not authorized to perform: dynamodb:Scan on resource: ${TABLE} because no identity-based policy allows the dynamodb:Scan action`,
    });
    const scan = { Statement: { Effect: "Allow", Action: "dynamodb:Scan", Resource: "*" } };
    await createResource(iam, POLICY, { role: "reader", policy: scan }, { name: "second" });
    assert.equal(iam.authorize(arn, "dynamodb:Scan", TABLE).allowed, true);
  });

  it("passes on each evaluation with its context and result, also of a denied call", async () => {
    const evaluations: unknown[] = [];
    iam = new LocalIam((evaluation) => evaluations.push(evaluation));
    const arn = await createRole();
    await createResource(iam, POLICY, { role: "reader", policy: JSON.stringify(READ) });
    iam.authorize(arn, "dynamodb:GetItem", TABLE, { "dynamodb:LeadingKeys": ["a"] });
    iam.authorize(arn, "dynamodb:Scan", TABLE);
    const principal = { "aws:PrincipalArn": arn, "aws:PrincipalAccount": "000000000000" };
    const call = { roleArn: arn, resource: TABLE, context: principal };
    assert.deepEqual(evaluations, [
      {
        ...{ ...call, action: "dynamodb:GetItem", allowed: true },
        context: { ...principal, "dynamodb:LeadingKeys": ["a"] },
      },
      { ...call, action: "dynamodb:Scan", allowed: false, deniedBy: "role" },
    ]);
  });

  it("reports one denial for a call that the role allows and the policy of the resource denies", async () => {
    const evaluations: unknown[] = [];
    iam = new LocalIam((evaluation) => evaluations.push(evaluation));
    const arn = await createRole();
    await createResource(iam, POLICY, { role: "reader", policy: JSON.stringify(READ) });
    const deny = { Effect: "Deny", Principal: "*", Action: "dynamodb:*", Resource: TABLE };
    const policy = parsePolicy({ Statement: [deny] }, "resource", "the policy under test");
    const decision = iam.authorize(arn, "dynamodb:GetItem", TABLE, {}, policy);
    assert.match(
      decision.allowed ? "" : decision.reason,
      /with an explicit deny in a resource-based policy$/,
    );
    const context = { "aws:PrincipalArn": arn, "aws:PrincipalAccount": "000000000000" };
    assert.deepEqual(evaluations, [
      {
        ...{ roleArn: arn, action: "dynamodb:GetItem", resource: TABLE, context },
        ...{ allowed: false, deniedBy: "resource" },
      },
    ]);
  });

  it("reports an explicit deny", async () => {
    const arn = await createRole();
    const policy = { Statement: { Effect: "Deny", Action: "*", Resource: "*" } };
    await createResource(iam, POLICY, { role: "reader", policy });
    const decision = iam.authorize(arn, "dynamodb:Scan", TABLE);
    assert.match(decision.allowed ? "" : decision.reason, /with an explicit deny/);
  });

  it("decides which service may assume a role, and under which condition", async () => {
    const trust = (Condition: object): object => ({
      Statement: {
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition,
      },
    });
    const ours = { StringEquals: { "aws:SourceAccount": "000000000000" } };
    const arn = await createRole({ assumeRolePolicy: trust(ours) });
    const account = (id: string): Record<string, string> => ({ "aws:SourceAccount": id });
    assert.equal(iam.mayAssume(arn, "scheduler.amazonaws.com", account("000000000000")), true);
    assert.equal(iam.mayAssume(arn, "scheduler.amazonaws.com", account("111111111111")), false);
    assert.equal(iam.mayAssume(arn, "lambda.amazonaws.com", account("000000000000")), false);
  });

  it("issues one set of credentials per principal, and identifies the principal by them", async () => {
    const roleArn = await createRole();
    const principal = { roleArn, region: "eu-west-1", name: "get" };
    const credentials = iam.issueCredentials(principal);
    assert.deepEqual(iam.principalOf(credentials.accessKeyId), principal);
    assert.deepEqual(iam.issueCredentials({ ...principal }), credentials);
    assert.notDeepEqual(iam.issueCredentials({ ...principal, region: "ap-southeast-1" }), credentials);
    assert.equal(iam.principalOf("AKIAUNKNOWN"), undefined);
  });

  it("rejects a role that Lambda may not assume with an error that names the role", async () => {
    const Statement = { ...LAMBDA_TRUST.Statement[0], Principal: { Service: "ec2.amazonaws.com" } };
    const roleArn = await createRole({ assumeRolePolicy: { Statement } });
    assert.throws(
      () => iam.issueCredentials({ roleArn, region: "eu-west-1", name: "get" }),
      /role\/reader of get cannot be assumed by Lambda/,
    );
  });

  it("rejects managed and inline policies of a role and suggests RolePolicy", async () => {
    await assert.rejects(
      createRole({ managedPolicyArns: ["arn:aws:iam::aws:policy/X"] }),
      /aws\.iam\.RolePolicy/,
    );
    await assert.rejects(createRole({ inlinePolicies: [{ name: "x" }] }), /aws\.iam\.RolePolicy/);
    await assert.rejects(createRole({ permissionsBoundary: "arn" }), /does not support permissionsBoundary/);
    await createRole({ managedPolicyArns: [] });
  });

  it("rejects malformed policies, duplicate roles, unknown roles and invalid role names", async () => {
    const arn = await createRole();
    await assert.rejects(createRole(), /EntityAlreadyExists/);
    await assert.rejects(createRole({ name: "a b" }), /role name "a b"/);
    await assert.rejects(
      createRole({ name: "x", assumeRolePolicy: "{}" }),
      /trust policy of role x: there is no/,
    );
    await assert.rejects(
      createResource(iam, POLICY, { role: "writer", policy: READ }),
      /NoSuchEntity.*writer/,
    );
    await assert.rejects(
      createResource(iam, POLICY, { role: "reader", policy: {} }),
      /MalformedPolicyDocument.*reader/,
    );
    assert.throws(() => iam.authorize(`${arn}2`, "a:B", "*"), /There is no role .*reader2/);
  });

  it("enforces IAM's quota of a role's inline policies", async () => {
    await createRole();
    const Resource = Array.from({ length: 120 }, (_, index) => `${TABLE}-${String(index).padStart(30, "0")}`);
    const policy = { Statement: { ...READ.Statement, Resource } };
    await assert.rejects(createResource(iam, POLICY, { role: "reader", policy }), /LimitExceeded.*10240/);
  });
});
