import assert from "node:assert/strict";
import { evaluate } from "../../local/aws/iam/evaluate";
import { parsePolicy, type Statement } from "../../local/aws/iam/policy";
import { heartbeatIds, replicatedReservedIds, reservedIds } from "../../functions/shared/reserved-items";
import { ofType, type Program, resourceNamed } from "../support/mocked-program";
import { allVariants, REGIONS, type Variant } from "../support/program-variants";
import { idOf } from "../../testing/tickets";

/** Actions on items: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html */
const ACTIONS = [
  "BatchGetItem",
  "BatchWriteItem",
  "ConditionCheckItem",
  "DeleteItem",
  "GetItem",
  "PartiQLDelete",
  "PartiQLInsert",
  "PartiQLSelect",
  "PartiQLUpdate",
  "PutItem",
  "Query",
  "Scan",
  "UpdateItem",
];
const KEYS = REGIONS.flatMap(({ code }) => reservedIds(code));

/** Allowed actions on reserved items by function, such as `PutItem ireland-tickets canary-eu-west-1`. */
type AllowedActions = Record<string, string[]>;

describe("Access of the functions to reserved items", function () {
  this.timeout(120_000);
  let variants: Variant[];
  before(async () => {
    variants = await allVariants();
  });

  it("is limited to the listed items in all tables of all regions", () => {
    for (const { title, program, hasDomain } of variants)
      assert.deepEqual(allowedActionsOf(program), expectedTouches(hasDomain), title);
  });

  it("is tested for every function", () => {
    for (const { program } of variants)
      for (const { name } of ofType(program, "aws:lambda/function:Function"))
        assert.ok(resourceNamed(program, "aws:iam/rolePolicy:RolePolicy", name), name);
  });

  it("is denied for a request without a key, and for a reserved key together with an allowed one", () => {
    for (const { program } of variants)
      for (const { name, statements } of policiesOf(program))
        for (const resource of tablesOf(program))
          for (const action of ACTIONS) {
            const may = (keys: readonly string[] | undefined): boolean =>
              allows(statements, action, resource.arn, keys);
            // Absent or empty key list: the only unconditional permission is on tickets, by key.
            if (may(undefined))
              assert.match(
                action,
                /^(BatchGetItem|GetItem|PutItem|UpdateItem|Query)$/,
                `${name} ${action} ${resource.name}`,
              );
            for (const key of KEYS)
              assert.ok(!may([idOf(1), key]), `${name} ${action} ${resource.name} ${key} beside a ticket`);
          }
  });

  it("does not limit access to tickets", () => {
    for (const { program } of variants)
      for (const { name, other } of REGIONS) {
        const may = (functionName: string, action: string, table: string): boolean =>
          allows(
            statementsOf(program, functionName),
            action,
            resourceNamed(program, "aws:dynamodb/table:Table", table).outputs.arn as string,
            [idOf(1)],
          );
        for (const route of ["create", "get", "update", "delete"])
          assert.ok(may(`${name}-api-${route}`, "GetItem", `${name}-tickets`), route);
        for (const route of ["create", "delete"])
          assert.ok(may(`${name}-api-${route}`, "PutItem", `${name}-tickets`), route);
        assert.ok(may(`${name}-api-update`, "UpdateItem", `${name}-tickets`));
        assert.ok(may(`${name}-api-conflicts`, "Query", `${name}-conflicts`));
        for (const table of [`${other.name}-tickets`, `${other.name}-conflicts`, `${name}-conflicts`])
          assert.ok(may(`${name}-to-${other.name}`, "PutItem", table), table);
      }
  });

  it("combines a condition on leading keys with Null", () => {
    for (const { program } of variants)
      for (const { name, statements } of policiesOf(program))
        for (const { effect, conditions } of statements) {
          const operators = conditions
            .filter(({ key }) => key === "dynamodb:LeadingKeys")
            .map(({ operator }) => operator);
          if (effect === "Allow" && operators.length > 0) assert.ok(operators.includes("Null"), name);
        }
  });
});

function expectedTouches(hasDomain: boolean): AllowedActions {
  const expected: AllowedActions = {};
  for (const { name, code, other } of REGIONS) {
    const own = (...items: string[]): string[] =>
      items.map((item) => `${item}-${code}`.replace(" ", ` ${name}-tickets `));
    expected[`${name}-api-health`] = own("GetItem canary", "PutItem canary");
    expected[`${name}-api-routing`] = own("GetItem routing");
    expected[`${name}-heartbeat`] = [
      ...heartbeatIds(other.code).flatMap((id) =>
        ["BatchGetItem", "GetItem"].map((action) => `${action} ${name}-tickets ${id}`),
      ),
      ...heartbeatIds(code).map((id) => `PutItem ${name}-tickets ${id}`),
    ];
    expected[`${name}-to-${other.name}`] = replicatedReservedIds(code).map(
      (id) => `PutItem ${other.name}-tickets ${id}`,
    );
    if (hasDomain)
      expected[`${name}-sentinel`] = own(
        "GetItem routing",
        "GetItem sentinel",
        "PutItem routing",
        "PutItem sentinel",
      );
  }
  return Object.fromEntries(Object.entries(expected).map(([name, items]) => [name, [...items].sort()]));
}

function allowedActionsOf(program: Program): AllowedActions {
  const allowed: AllowedActions = {};
  for (const { name, statements } of policiesOf(program))
    for (const table of tablesOf(program))
      for (const action of ACTIONS)
        for (const key of KEYS)
          if (allows(statements, action, table.arn, [key]))
            (allowed[name] ??= []).push(`${action} ${table.name} ${key}`);
  return Object.fromEntries(Object.entries(allowed).map(([name, items]) => [name, items.sort()]));
}

function allows(
  statements: readonly Statement[],
  action: string,
  resource: string,
  keys: readonly string[] | undefined,
): boolean {
  const context: Record<string, readonly string[]> = keys ? { "dynamodb:LeadingKeys": keys } : {};
  return evaluate(statements, { action: `dynamodb:${action}`, resource, context }) === "allowed";
}

/** Tables only: the leading keys of indexes are not ids. */
function tablesOf(program: Program): { readonly name: string; readonly arn: string }[] {
  return ofType(program, "aws:dynamodb/table:Table").map(({ name, outputs }) => ({
    name,
    arn: String(outputs.arn),
  }));
}

function policiesOf(program: Program): { readonly name: string; readonly statements: Statement[] }[] {
  return ofType(program, "aws:iam/rolePolicy:RolePolicy").map(({ name }) => ({
    name,
    statements: statementsOf(program, name),
  }));
}

function statementsOf(program: Program, name: string): Statement[] {
  const { policy } = resourceNamed(program, "aws:iam/rolePolicy:RolePolicy", name).inputs;
  return parsePolicy(policy, "identity", name);
}
