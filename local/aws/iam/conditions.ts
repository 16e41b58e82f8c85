import { matchesArn, matchesWildcard } from "./wildcard";

/** One condition of a statement: `{"<operator>": {"<key>": [values]}}`. */
export interface Condition {
  /** With prefix and suffix, such as `ForAllValues:StringEquals` or `StringLikeIfExists`. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Values of a request's condition keys; a list for multivalued keys. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

interface Comparison {
  readonly negated: boolean;
  readonly matches: (expected: string, actual: string) => boolean;
}

const equal = (expected: string, actual: string): boolean => expected === actual;
const equalIgnoringCase = (expected: string, actual: string): boolean =>
  expected.toLowerCase() === actual.toLowerCase();

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: { negated: false, matches: equal },
  StringNotEquals: { negated: true, matches: equal },
  StringEqualsIgnoreCase: { negated: false, matches: equalIgnoringCase },
  StringNotEqualsIgnoreCase: { negated: true, matches: equalIgnoringCase },
  StringLike: { negated: false, matches: matchesWildcard },
  StringNotLike: { negated: true, matches: matchesWildcard },
  // ArnEquals and ArnLike behave identically.
  ArnEquals: { negated: false, matches: matchesArn },
  ArnLike: { negated: false, matches: matchesArn },
  ArnNotEquals: { negated: true, matches: matchesArn },
  ArnNotLike: { negated: true, matches: matchesArn },
  Bool: { negated: false, matches: equalIgnoringCase },
};

const NOT_EMULATED =
  /^(Numeric(Not)?Equals|Numeric(Less|Greater)Than(Equals)?|Date(Not)?Equals|Date(Less|Greater)Than(Equals)?|BinaryEquals|(Not)?IpAddress)$/;

/** Keys that the endpoint always provides when a request has them, so that a missing key is really absent. */
const PROVIDED_WHEN_PRESENT = new Set([
  "dynamodb:leadingkeys",
  "dynamodb:enclosingoperation",
  "s3:prefix",
  "s3:delimiter",
  "s3:max-keys",
  "s3:x-amz-acl",
  "s3:x-amz-server-side-encryption",
  "aws:principalarn",
  "aws:principalaccount",
  "aws:principalorgid",
  "aws:sourcearn",
  "aws:sourceaccount",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "lambda:sourcefunctionarn",
]);

/** Returns whether IAM has an operator of this name, with or without a set prefix and IfExists. */
export function isConditionOperator(operator: string): boolean {
  const { name } = parseOperator(operator);
  return name === "Null" || Object.hasOwn(COMPARISONS, name) || NOT_EMULATED.test(name);
}

/**
 * Evaluates a condition for a request, with IAM's rules for absent keys, negated operators and multivalued keys.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 * An absent key, and a key with only empty values, satisfies ForAllValues and `Null: "true"`, but not ForAnyValue:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition_examples-multi-valued-context-keys.html
 * The suffix IfExists does not change this for ForAnyValue:
 * https://repost.aws/questions/QU9HFmDzP0QGuU-fd7rS6B7w/foranyvalue-stringequalsifexists-behaving-unexpectedly
 * @throws Error that names the operator or key, if the local cloud cannot evaluate it. It never silently allows or denies.
 */
export function conditionHolds(condition: Condition, context: RequestContext): boolean {
  const { set, name, ifExists } = parseOperator(condition.operator);
  if (NOT_EMULATED.test(name))
    throw new Error(`Condition operator ${condition.operator} is not emulated by the local cloud.`);
  const actual = lookUp(condition.key, context);
  const isEmpty = actual === undefined || [actual].flat().every((value) => value === "");
  if (name === "Null") return condition.values.some((value) => (value === "true") === isEmpty);
  const comparison = COMPARISONS[name];
  const passes = (value: string): boolean =>
    condition.values.some((expected) => comparison.matches(expected, value)) !== comparison.negated;
  if (set && isEmpty) return set === "ForAllValues";
  if (actual === undefined) return comparison.negated || ifExists;
  if (set === "ForAllValues") return [actual].flat().every(passes);
  if (set === "ForAnyValue") return [actual].flat().some(passes);
  if (typeof actual !== "string")
    throw new Error(
      `Condition key ${condition.key} is multivalued; use ForAllValues:${name} or ForAnyValue:${name}.`,
    );
  return passes(actual);
}

function lookUp(key: string, context: RequestContext): string | readonly string[] | undefined {
  const expected = key.toLowerCase();
  const entry = Object.entries(context).find(([name]) => name.toLowerCase() === expected);
  if (!entry && !PROVIDED_WHEN_PRESENT.has(expected))
    throw new Error(
      `Condition key ${key} is not emulated by the local cloud, so the policy cannot be evaluated.`,
    );
  return entry?.[1];
}

function parseOperator(operator: string): { set?: string; name: string; ifExists: boolean } {
  const [, set, name, suffix] = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/s.exec(
    operator,
  ) as RegExpExecArray;
  return { set, name, ifExists: suffix !== undefined };
}
