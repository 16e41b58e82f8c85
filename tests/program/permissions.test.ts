import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { drainProgram, type Program } from "../support/mocked-program";
import { allVariants } from "../support/program-variants";
import { permissionsDocument, PERMISSIONS_FILE } from "./permissions/document";
import { recordedCalls, unprovenRights } from "./permissions/needed-rights";
import { conditionInWords, resourceInWords } from "./permissions/plain-words";
import type { Right } from "./permissions/rights";
import {
  configuredRows,
  includes,
  rowsOf,
  WITH_DOMAIN_AND_KEYS,
  type ConfiguredRows,
} from "./permissions/rows";
import { UNEXERCISED_RIGHTS } from "./permissions/unexercised";

const TABLE = "arn:aws:dynamodb:eu-west-1:000000000000:table/ireland-tickets";
const ROLE = "arn:aws:iam::000000000000:role";
const READ: Right = {
  role: "ireland-api-get",
  effect: "Allow",
  action: "dynamodb:GetItem",
  resource: TABLE,
  condition: {},
};
const DENY: Right = {
  ...READ,
  effect: "Deny",
  action: "dynamodb:*",
  condition: { "ForAnyValue:StringLike": { "dynamodb:LeadingKeys": ["*-*"] } },
};

describe("docs/permissions.md", function () {
  this.timeout(120_000);
  let all: ConfiguredRows;
  before(async () => {
    all = await configuredRows();
  });

  it("has the rights of the program", async () => {
    assert.equal(
      readFileSync(PERMISSIONS_FILE, "utf8"),
      await permissionsDocument(),
      "The rights of a function changed. If that is intended, run npm run permissions, and explain each added right in the commit.",
    );
  });

  it("has every right of every configuration, in both regions and for either primary", async () => {
    const programs: Program[] = (await allVariants()).map(({ program }) => program);
    const further = [{ "tickets:publicWebsite": "true" }, WITH_DOMAIN_AND_KEYS];
    for (const config of further) programs.push(await drainProgram({ stack: "singapore", config }));
    for (const program of programs)
      for (const row of rowsOf(program)) assert.ok(includes(all.rows, row), JSON.stringify(row));
  });

  it("describes no two rights of a function in the same words, so that no change is hidden by another right", async () => {
    const rows = rowsOf(await drainProgram({ stack: "singapore", config: WITH_DOMAIN_AND_KEYS }));
    for (const row of rows)
      assert.equal(rows.filter((other) => includes([row], other)).length, 1, JSON.stringify(row));
  });

  it("rejects a resource and a condition without a description", () => {
    const queue = { role: "ireland-api-get", resource: "arn:aws:sns:eu-west-1:000000000000:topic" };
    assert.throws(
      () => resourceInWords(queue),
      /arn:aws:sns.* has no description\. Add one to .*plain-words/,
    );
    const conditions: Right["condition"][] = [
      { StringEquals: { "aws:SourceVpc": "vpc-1" } },
      { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["*-*"] } },
      { "ForAnyValue:StringLike": { "dynamodb:LeadingKeys": ["*"] } },
      { Null: { "dynamodb:LeadingKeys": "false" } },
      { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["a"] } },
    ];
    for (const condition of conditions)
      assert.throws(() => conditionInWords({ role: "ireland-api-get", condition }), /has no description/);
  });

  it("lists only unexercised rights that a function has", () => {
    for (const { role, effect, action, resource } of UNEXERCISED_RIGHTS)
      assert.ok(
        all.rows.some(
          (row) =>
            (role === "*" || row.role === role) &&
            row.effect === effect &&
            row.action === action &&
            row.resource.replaceAll(`\`${row.role}\``, "`<function>`") ===
              resource.replaceAll(`\`${row.role}\``, "`<function>`"),
        ),
        `${role} ${action} ${resource}`,
      );
  });
});

describe("Proof of rights by recorded calls", () => {
  const call = (
    role: string,
    action: string,
    key: string,
    allowed = true,
  ): Parameters<typeof recordedCalls>[0] => [
    {
      roleArn: `${ROLE}/${role}-0123456`,
      action,
      resource: `${TABLE}-89abcde`,
      context: { "dynamodb:LeadingKeys": [key] },
      allowed,
    },
  ];
  const unproven = (rights: Right[], ...evaluations: Parameters<typeof recordedCalls>[0][]): Right[] =>
    unprovenRights(
      rights,
      evaluations.flatMap((one) => recordedCalls(one)),
    );

  it("needs a call of the same role that the right allows", () => {
    const get = call("ireland-api-get", "dynamodb:GetItem", "a");
    assert.deepEqual(unproven([READ], get), []);
    assert.deepEqual(unproven([READ]), [READ]);
    assert.deepEqual(unproven([READ], call("ireland-api-list", "dynamodb:GetItem", "a")), [READ]);
    assert.deepEqual(unproven([READ], call("ireland-api-get", "dynamodb:GetItem", "a", false)), [READ]);
    const write = { ...READ, action: "dynamodb:PutItem" };
    assert.deepEqual(unproven([READ, write], get), [write]);
  });

  it("does not prove a right by a call that another right allows, too", () => {
    const same = { ...READ, condition: { Null: { "dynamodb:LeadingKeys": "false" } } };
    assert.deepEqual(unproven([READ, same], call("ireland-api-get", "dynamodb:GetItem", "a")), [READ, same]);
  });

  it("proves a Deny by a call of another role that it refuses and that an Allow would permit", () => {
    const rights = [READ, DENY];
    const own = call("ireland-api-get", "dynamodb:GetItem", "a");
    assert.deepEqual(unproven(rights, own), [DENY]);
    assert.deepEqual(unproven(rights, own, call("ireland-api-health", "dynamodb:PutItem", "canary-x")), [
      DENY,
    ]);
    assert.deepEqual(unproven(rights, own, call("ireland-api-health", "dynamodb:GetItem", "canary-x")), []);
  });
});
