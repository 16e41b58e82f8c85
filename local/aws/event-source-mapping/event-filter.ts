/** Returns whether an event passes to the function. */
export type EventFilter = (event: unknown) => boolean;

/** Test of a field. It receives all values of the field, none if the field is missing. */
type Rule = (values: readonly unknown[]) => boolean;

/** Maximum number of filters of a mapping (default quota). */
const MAX_FILTERS = 5;

/** Maximum length of a pattern, in characters. */
const MAX_PATTERN = 4096;

/**
 * Compiles the patterns of a mapping's filter criteria. An event passes if one of them matches, or if there are none.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html and
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html
 * @param fail throws an error with the problem.
 */
export function compileFilters(patterns: readonly string[], fail: (why: string) => never): EventFilter {
  if (patterns.length > MAX_FILTERS)
    fail(`has ${patterns.length} filters; a mapping may have ${MAX_FILTERS}`);
  const filters = patterns.map((pattern) => compilePattern(parse(pattern, fail), "", fail));
  if (filters.length === 0) return () => true;
  return (event) => filters.some((matches) => matches([event]));
}

function parse(pattern: string, fail: (why: string) => never): unknown {
  if (pattern.length > MAX_PATTERN)
    fail(`has a pattern of ${pattern.length} characters; at most ${MAX_PATTERN} are allowed`);
  try {
    return JSON.parse(pattern);
  } catch {
    return fail(`has a pattern that is not JSON: ${pattern}`);
  }
}

function compilePattern(pattern: unknown, path: string, fail: (why: string) => never): Rule {
  if (Array.isArray(pattern)) return compileLeaf(pattern, path, fail);
  if (!isObject(pattern))
    return fail(`has ${JSON.stringify(pattern)}${at(path)}, where an object or a list is required`);
  if (Object.keys(pattern).length === 0) return fail(`has an empty object${at(path)}`);
  const rules = Object.entries(pattern).map(([key, value]): Rule => {
    if (key === "$or") return compileOr(value, path, fail);
    const rule = compilePattern(value, path === "" ? key : `${path}.${key}`, fail);
    return (values) => rule(values.flatMap((found) => fieldOf(found, key)));
  });
  return (values) => rules.every((rule) => rule(values));
}

function compileOr(value: unknown, path: string, fail: (why: string) => never): Rule {
  if (!Array.isArray(value) || value.length < 2)
    return fail(`has a $or${at(path)} that is not a list of two or more`);
  const rules = value.map((pattern) => compilePattern(pattern, path, fail));
  return (values) => rules.some((rule) => rule(values));
}

function compileLeaf(alternatives: unknown[], path: string, fail: (why: string) => never): Rule {
  if (alternatives.length === 0) return fail(`has an empty list${at(path)}`);
  const rules = alternatives.map((alternative) => compileRule(alternative, path, fail));
  return (values) => rules.some((rule) => rule(values));
}

function compileRule(rule: unknown, path: string, fail: (why: string) => never): Rule {
  if (!isObject(rule)) return (values) => values.includes(rule);
  const [[operator, operand], ...more] = Object.entries(rule);
  if (more.length > 0) return fail(`has several operators in one object${at(path)}`);
  const compile = OPERATORS[operator];
  const compiled = compile?.(operand);
  if (compiled) return compiled;
  if (operator === "numeric")
    return fail(`uses numeric${at(path)}: DynamoDB's numbers are strings, which have no numeric operators`);
  if (!compile) return fail(`uses the unknown operator ${operator}${at(path)}`);
  return fail(`gives ${operator}${at(path)} the operand ${JSON.stringify(operand)}, which is not allowed`);
}

/** Compiles the operand of each operator; returns undefined if the operand is not allowed. */
const OPERATORS: Readonly<Record<string, (operand: unknown) => Rule | undefined>> = {
  prefix: (operand) => ofString(operand, (value, wanted) => value.startsWith(wanted)),
  suffix: (operand) => ofString(operand, (value, wanted) => value.endsWith(wanted)),
  "equals-ignore-case": (operand) =>
    ofString(operand, (value, wanted) => value.toLowerCase() === wanted.toLowerCase()),
  exists: (operand) => {
    if (typeof operand !== "boolean") return undefined;
    return (values) => values.some((value) => !isObject(value)) === operand;
  },
  "anything-but": (operand) => {
    const excluded: unknown[] = Array.isArray(operand) ? operand : [operand];
    if (excluded.length === 0 || !excluded.every((value) => ["string", "number"].includes(typeof value)))
      return undefined;
    return (values) => values.some((value) => !isObject(value) && !excluded.includes(value));
  },
};

function ofString(operand: unknown, test: (value: string, wanted: string) => boolean): Rule | undefined {
  if (typeof operand !== "string") return undefined;
  return (values) => values.some((value) => typeof value === "string" && test(value, operand));
}

/** Values of a field: the elements of a list, or the single value. */
function fieldOf(found: unknown, key: string): unknown[] {
  if (!isObject(found) || !Object.hasOwn(found, key)) return [];
  const value = found[key];
  return Array.isArray(value) ? value : [value];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function at(path: string): string {
  return path === "" ? "" : ` at ${path}`;
}
