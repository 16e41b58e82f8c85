import { conditionHolds, type RequestContext } from "./conditions";
import type { Patterns, Statement, StatementPrincipal } from "./policy";
import { matchesWildcard, matchesWildcardIgnoringCase } from "./wildcard";

/** Request to evaluate. */
export interface AccessRequest {
  /** IAM action, such as `dynamodb:GetItem`. */
  readonly action: string;
  /** ARN, or `*` for operations without a resource. Ignored in trust policies, which have no resource. */
  readonly resource: string;
  /** Caller, for policies with principals; undefined for an anonymous caller. */
  readonly principal?: StatementPrincipal;
  readonly context: RequestContext;
}

/** Result of an evaluation. An explicit deny overrides every allow; without an allow the request is denied. */
export type Verdict = "allowed" | "explicitly-denied" | "not-allowed";

/**
 * Evaluates statements as IAM does within one account.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * @throws Error if a condition of a statement that otherwise applies cannot be evaluated.
 */
export function evaluate(statements: readonly Statement[], request: AccessRequest): Verdict {
  const applying = statements.filter((statement) => applies(statement, request));
  if (applying.some(({ effect }) => effect === "Deny")) return "explicitly-denied";
  return applying.length > 0 ? "allowed" : "not-allowed";
}

function applies(statement: Statement, request: AccessRequest): boolean {
  return (
    matches(statement.actions, request.action, matchesWildcardIgnoringCase) &&
    (!statement.resources || matches(statement.resources, request.resource, matchesWildcard)) &&
    (!statement.principals || matchesPrincipal(statement.principals, request.principal)) &&
    statement.conditions.every((condition) => conditionHolds(condition, request.context))
  );
}

function matches(
  patterns: Patterns,
  text: string,
  matchesOne: (pattern: string, text: string) => boolean,
): boolean {
  return patterns.values.some((pattern) => matchesOne(pattern, text)) !== patterns.negated;
}

function matchesPrincipal(
  principals: readonly StatementPrincipal[],
  caller: StatementPrincipal | undefined,
): boolean {
  return principals.some(
    ({ type, value }) => type === "*" || (type === caller?.type && value === caller.value),
  );
}
