import assert from "node:assert/strict";
import { WILDCARD_RESOURCES, type WildcardResource } from "../../regional/wildcard-resources";
import { drainProgram, ofType, type Program } from "../support/mocked-program";
import { policyDocumentsOf, type PolicyStatement } from "../support/policy-documents";
import { allVariants, REGIONS } from "../support/program-variants";

/** Configurations that add policies or statements to those of all variants. */
const FURTHER = [
  { "tickets:publicWebsite": "true" },
  { "tickets:listIndexes": "adding" },
  {
    "tickets:domainName": "tickets.test",
    "tickets:kmsKeys": JSON.stringify(
      Object.fromEntries(
        REGIONS.map(({ name, code }, index) => [
          name,
          `arn:aws:kms:${code}:123456789012:key/${`${index}`.repeat(36)}`,
        ]),
      ),
    ),
  },
];

/** Resource with a wildcard, and the statement and policy that name it. */
interface FoundWildcard {
  readonly policy: string;
  readonly statement: PolicyStatement;
  readonly arn: string;
}

describe("Least privilege of the whole program", function () {
  this.timeout(120_000);
  let programs: Program[];
  before(async () => {
    programs = (await allVariants()).map(({ program }) => program);
    for (const config of FURTHER) programs.push(await drainProgram({ stack: "ireland", config }));
  });

  it("includes the policies of roles, buckets, queues and topics", () => {
    const kinds = new Set(
      programs.flatMap(policyDocumentsOf).map(({ resource, input }) => `${resource.type} ${input}`),
    );
    for (const kind of [
      "aws:iam/role:Role assumeRolePolicy",
      "aws:iam/rolePolicy:RolePolicy policy",
      "aws:s3/bucketPolicy:BucketPolicy policy",
      "aws:sqs/queuePolicy:QueuePolicy policy",
      "aws:sns/topicPolicy:TopicPolicy policy",
    ])
      assert.ok(kinds.has(kind), kind);
  });

  it("uses inline policies only, and no managed policy", () => {
    for (const { resources } of programs)
      for (const { type, name, inputs } of resources) {
        if (type.startsWith("aws:iam/"))
          assert.match(type, /^aws:iam\/(role:Role|rolePolicy:RolePolicy)$/, name);
        assert.doesNotMatch(JSON.stringify(inputs), /managedPolicyArns|inlinePolicies|:policy\//, name);
      }
  });

  it("allows no wildcard action, in no policy", () => {
    for (const { resource, statements } of programs.flatMap(policyDocumentsOf))
      for (const { Effect, Action, ...rest } of statements) {
        assert.ok(!("NotAction" in rest || "NotResource" in rest || "NotPrincipal" in rest), resource.name);
        // A Deny with a wildcard denies more.
        if (Effect === "Deny") continue;
        for (const action of Action) assert.match(action, /^[a-z0-9]+:\w+$/, `${resource.name}: ${action}`);
      }
  });

  it("names every action of an invoke permission, its principal and its source", () => {
    for (const program of programs)
      for (const { name, inputs } of ofType(program, "aws:lambda/permission:Permission"))
        assert.doesNotMatch(
          `${inputs.action} ${inputs.principal} ${inputs.sourceArn}`,
          /[*?]|undefined/,
          name,
        );
  });

  it("has wildcard resources only for the listed actions and reasons", () => {
    for (const { policy, statement, arn } of programs.flatMap(wildcardsOf))
      assert.ok(
        WILDCARD_RESOURCES.some((listed) => covers(listed, statement, arn)),
        `${policy}: ${statement.Effect} ${statement.Action.join(", ")} on ${arn}. Name each resource. If that is impossible, add the ` +
          "wildcard and its reason to regional/wildcard-resources.ts.",
      );
  });

  it("uses every listed wildcard resource", () => {
    const found = programs.flatMap(wildcardsOf);
    for (const listed of WILDCARD_RESOURCES)
      assert.ok(
        found.some(({ statement, arn }) => covers(listed, statement, arn)),
        `${listed.actions.join(", ")} on ${listed.resource}`,
      );
  });

  it("does not accept a listed wildcard with another effect, action, or part of the ARN", () => {
    const [{ statement, arn }] = programs.flatMap(wildcardsOf);
    const isListed = (changed: Partial<PolicyStatement>, resource = arn): boolean =>
      WILDCARD_RESOURCES.some((listed) => covers(listed, { ...statement, ...changed }, resource));
    assert.ok(isListed({}));
    assert.ok(!isListed({ Effect: statement.Effect === "Allow" ? "Deny" : "Allow" }));
    assert.ok(!isListed({ Action: [...statement.Action, "s3:DeleteObject"] }));
    assert.ok(!isListed({}, "*"));
    assert.ok(!isListed({}, arn.replace(/[^:/]+(?=[:/]\*$)/, "*")));
  });
});

function wildcardsOf(program: Program): FoundWildcard[] {
  return policyDocumentsOf(program).flatMap(({ resource, statements }) =>
    statements.flatMap((statement) =>
      (statement.Resource ?? [])
        .filter((arn) => /[*?]/.test(arn))
        .map((arn) => ({ policy: resource.name, statement, arn })),
    ),
  );
}

function covers(listed: WildcardResource, { Effect, Action }: PolicyStatement, arn: string): boolean {
  const pattern = listed.resource
    .split(/<\w+>/)
    .map((text) => text.replace(/[.*?+^${}()|[\]\\]/g, "\\$&"))
    .join("[^:/*?]*");
  return (
    listed.effect === Effect &&
    [...listed.actions].sort().join() === [...Action].sort().join() &&
    new RegExp(`^${pattern}$`).test(arn)
  );
}
