import { isConditionOperator, type Condition } from "./conditions";

/**
 * Kind of a policy, which determines the required elements of its statements: `identity` for a policy of a role,
 * `trust` for a role's assume-role policy, `resource` for a policy of a bucket or queue.
 */
export type PolicyKind = "identity" | "trust" | "resource";

/** `*`, or a list of patterns such as `dynamodb:Get*`; negated for NotAction and NotResource. */
export interface Patterns {
  readonly values: readonly string[];
  readonly negated: boolean;
}

/** Principal of a statement. Type and value are `*` for all callers. */
export interface StatementPrincipal {
  /** `AWS`, `Service`, `Federated`, `CanonicalUser` or `*`. */
  readonly type: string;
  readonly value: string;
}

/** Validated statement of a policy. */
export interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly actions: Patterns;
  /** Absent in trust policies. */
  readonly resources?: Patterns;
  /** Absent in identity policies. */
  readonly principals?: readonly StatementPrincipal[];
  readonly conditions: readonly Condition[];
}

const STATEMENT_ELEMENTS = [
  "Sid",
  "Effect",
  "Principal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];

/**
 * Parses and validates a policy document.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 * @param document JSON text or the parsed object.
 * @param where description of the policy for messages, such as `the policy of role "reader"`.
 * @throws Error that starts with MalformedPolicyDocument, as in IAM, and names the statement and the problem.
 */
export function parsePolicy(document: unknown, kind: PolicyKind, where: string): Statement[] {
  const fail = (problem: string): never => {
    throw new Error(`MalformedPolicyDocument: ${where}: ${problem}`);
  };
  const policy = typeof document === "string" ? parseJson(document, fail) : document;
  if (!isObject(policy)) return fail("the document must be a JSON object.");
  const unknown = Object.keys(policy).find((key) => !["Version", "Id", "Statement"].includes(key));
  if (unknown) fail(`unknown element ${unknown}; a policy has Version, Id and Statement.`);
  if (policy.Version !== undefined && !["2012-10-17", "2008-10-17"].includes(String(policy.Version)))
    fail(`Version ${JSON.stringify(policy.Version)} is unknown; use "2012-10-17".`);
  const statements = listOf(policy.Statement);
  if (statements.length === 0) fail("there is no Statement.");
  return statements.map((statement, index) =>
    parseStatement(statement, kind, (problem) => fail(`statement ${index + 1}: ${problem}`)),
  );
}

type Fail = (problem: string) => never;

function parseStatement(statement: unknown, kind: PolicyKind, fail: Fail): Statement {
  if (!isObject(statement)) return fail("must be an object.");
  const unknown = Object.keys(statement).find((key) => !STATEMENT_ELEMENTS.includes(key));
  if (unknown) fail(`unknown element ${unknown}; allowed are ${STATEMENT_ELEMENTS.join(", ")}.`);
  const { Effect: effect } = statement;
  if (effect !== "Allow" && effect !== "Deny")
    return fail(`Effect is ${JSON.stringify(effect)}; it must be "Allow" or "Deny".`);
  if (kind === "trust" && (statement.Resource !== undefined || statement.NotResource !== undefined))
    fail("a trust policy must not have a Resource: the role is the resource.");
  return {
    effect,
    actions: parseActions(statement, fail),
    resources: kind === "trust" ? undefined : parseResources(statement, fail),
    principals: parsePrincipals(statement.Principal, kind, fail),
    conditions: parseConditions(statement.Condition, fail),
  };
}

function parseActions(statement: Record<string, unknown>, fail: Fail): Patterns {
  const actions = parsePatterns(statement, "Action", fail);
  const wrong = actions.values.find((action) => action !== "*" && !/^[\w*?-]+:[\w*?-]+$/.test(action));
  if (wrong !== undefined)
    fail(`action ${JSON.stringify(wrong)} must be a service and an operation, such as "dynamodb:GetItem".`);
  return actions;
}

function parseResources(statement: Record<string, unknown>, fail: Fail): Patterns {
  const resources = parsePatterns(statement, "Resource", fail);
  const wrong = resources.values.find((value) => value !== "*" && !/^arn(:[^:]*){4}:.+/s.test(value));
  if (wrong !== undefined) fail(`resource ${JSON.stringify(wrong)} must be in ARN format or "*".`);
  return resources;
}

function parsePatterns(statement: Record<string, unknown>, name: string, fail: Fail): Patterns {
  const plain = statement[name];
  const negation = statement[`Not${name}`];
  if ((plain === undefined) === (negation === undefined))
    fail(`it must have exactly one of ${name} and Not${name}.`);
  const values = stringsOf(plain ?? negation, name, fail);
  if (values.length === 0) fail(`${name} is empty.`);
  return { values, negated: plain === undefined };
}

function parsePrincipals(principal: unknown, kind: PolicyKind, fail: Fail): StatementPrincipal[] | undefined {
  if (kind === "identity") {
    if (principal !== undefined)
      fail("a role's policy must not have a Principal: the role is the principal.");
    return undefined;
  }
  if (principal === "*") return [{ type: "*", value: "*" }];
  if (!isObject(principal))
    return fail('Principal is missing; use "*" or an object such as {"Service": "…"}.');
  return Object.entries(principal).flatMap(([type, values]) => {
    if (!["AWS", "Service", "Federated", "CanonicalUser"].includes(type))
      fail(`Principal type ${type} is unknown.`);
    return stringsOf(values, "Principal", fail).map((value) =>
      type === "AWS" && value === "*" ? { type: "*", value } : { type, value },
    );
  });
}

function parseConditions(condition: unknown, fail: Fail): Condition[] {
  if (condition === undefined) return [];
  if (!isObject(condition)) return fail("Condition must be an object of operators.");
  return Object.entries(condition).flatMap(([operator, keys]) => {
    if (!isConditionOperator(operator)) fail(`condition operator ${operator} is unknown to IAM.`);
    if (!isObject(keys)) return fail(`condition operator ${operator} must have an object of keys.`);
    return Object.entries(keys).map(([key, values]) => ({
      operator,
      key,
      values: stringsOf(
        listOf(values).map((value) => (["boolean", "number"].includes(typeof value) ? String(value) : value)),
        `condition ${operator} ${key}`,
        fail,
      ),
    }));
  });
}

function stringsOf(value: unknown, what: string, fail: Fail): string[] {
  return listOf(value).map((entry) => {
    if (typeof entry !== "string")
      return fail(`${what} contains ${JSON.stringify(entry)}; it must be a string.`);
    if (entry.includes("${"))
      return fail(`${what} contains the policy variable ${entry}, which the local cloud cannot evaluate.`);
    return entry;
  });
}

function parseJson(text: string, fail: Fail): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return fail(`it is not JSON: ${(error as Error).message}`);
  }
}

function listOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
