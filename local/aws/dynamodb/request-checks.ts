import { validationError } from "./api-error";
import type { Item, Json } from "./item";

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
const MAXIMUM_EXPRESSION_BYTES = 4096;
const MAXIMUM_PLACEHOLDER_CHARACTERS = 255;
const MAXIMUM_OPERATORS = 300;
const MAXIMUM_SUBSTITUTED_BYTES = 2 * 1024 * 1024;
const MAXIMUM_IN_OPERANDS = 100;
const MAXIMUM_NAME_BYTES = 65_535;
/** One level more than an attribute of an item, because the attribute's name counts as a level. */
const MAXIMUM_LITERAL_DEPTH = 33;

const EXPRESSIONS = [
  "ConditionExpression",
  "FilterExpression",
  "KeyConditionExpression",
  "ProjectionExpression",
  "UpdateExpression",
] as const;

/** Fields in which dynalite stores parsed condition expressions. */
const PARSED = { _condition: "ConditionExpression", _filter: "FilterExpression" } as const;

/** Operators that compare by order; their operands must be strings, numbers or binary values. */
const ORDERING = ["<", "<=", ">", ">=", "between"];

/** Node of a parsed expression: an operator or function, a path, or a literal such as `{S: "a"}`. */
interface ExpressionNode {
  readonly type?: string;
  readonly args?: readonly ExpressionNode[];
}

/**
 * Enforces limits of DynamoDB that dynalite does not check: sizes and operands of expressions, attribute names, empty
 * keys in queries, and the nesting depth of literals.
 * @param data request that dynalite has validated and parsed.
 * @param sizeOf returns the size of an item in bytes.
 * @throws ApiError ValidationException with DynamoDB's message.
 */
export function checkLimits(data: Json, sizeOf: (item: Item) => number): void {
  for (const expression of EXPRESSIONS) checkSize(expression, data[expression]);
  for (const [name, attribute] of Object.entries(
    (data.ExpressionAttributeNames ?? {}) as Record<string, string>,
  ))
    checkPlaceholder("ExpressionAttributeNames", name, findNameError(attribute));
  for (const [name, value] of Object.entries((data.ExpressionAttributeValues ?? {}) as Json)) {
    const isTooDeep = depthOf(value) > MAXIMUM_LITERAL_DEPTH;
    checkPlaceholder("ExpressionAttributeValues", name, isTooDeep ? TOO_DEEP : findNameErrorIn(value));
  }
  checkSubstituted(data, sizeOf);
  for (const item of itemsOf(data)) checkNames({ M: item });
  for (const [parsed, expression] of Object.entries(PARSED))
    if (data[parsed]) checkOperators(expression, data[parsed].expression as ExpressionNode);
  if (data._updates)
    checkCount(
      "UpdateExpression",
      (data._updates.sections as Json[]).reduce((sum, { val }) => sum + countOperators(val), 0),
    );
  checkQueriedKeys(data);
}

const TOO_DEEP =
  "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";

function checkSize(expression: string, text: unknown): void {
  const bytes = typeof text === "string" ? Buffer.byteLength(text) : 0;
  if (bytes > MAXIMUM_EXPRESSION_BYTES)
    throw validationError(
      `Invalid ${expression}: Expression size has exceeded the maximum allowed size; expression size: ${bytes}`,
    );
}

/** Checks the sum of the sizes of all names and values that replace placeholders. */
function checkSubstituted(
  { ExpressionAttributeNames = {}, ExpressionAttributeValues = {} }: Json,
  sizeOf: (item: Item) => number,
): void {
  const named = Object.entries(ExpressionAttributeNames as Record<string, string>);
  const names = named.reduce((sum, parts) => sum + Buffer.byteLength(parts.join("")), 0);
  if (names + sizeOf(ExpressionAttributeValues as Item) > MAXIMUM_SUBSTITUTED_BYTES)
    throw validationError(
      "Combined size of ExpressionAttributeNames and ExpressionAttributeValues exceeds max size",
    );
}

function checkPlaceholder(map: string, name: string, problem: string | undefined): void {
  if (name.length > MAXIMUM_PLACEHOLDER_CHARACTERS)
    throw validationError(
      `${map} contains invalid key: The expression attribute map contains a key that is too long; size of key: ${name.length}`,
    );
  if (problem) throw validationError(`${map} contains invalid value: ${problem} for key ${name}`);
}

function itemsOf(data: Json): readonly Json[] {
  const batches = Object.values((data.RequestItems ?? {}) as Json).flatMap((requests) =>
    Array.isArray(requests)
      ? (requests as Json[]).map(({ PutRequest }) => PutRequest?.Item as Json | undefined)
      : [],
  );
  return [data.Item as Json | undefined, ...batches].filter((item) => item !== undefined);
}

function checkNames(value: Json): void {
  const problem = findNameErrorIn(value);
  if (problem) throw validationError(problem);
}

function findNameErrorIn(value: Json): string | undefined {
  const named = Object.entries((value.M ?? {}) as Record<string, Json>);
  for (const [name, member] of named) {
    const problem = findNameError(name) ?? findNameErrorIn(member);
    if (problem) return problem;
  }
  for (const member of (value.L ?? []) as Json[]) {
    const problem = findNameErrorIn(member);
    if (problem) return problem;
  }
  return undefined;
}

function findNameError(name: string): string | undefined {
  if (name === "") return "Empty attribute name";
  return Buffer.byteLength(name) > MAXIMUM_NAME_BYTES
    ? `Attribute name is too large, must be less than ${MAXIMUM_NAME_BYTES + 1} bytes`
    : undefined;
}

/** Nesting depth of a value; 1 for a scalar. */
function depthOf(value: Json): number {
  const members = value.M ? Object.values(value.M as Json) : ((value.L ?? []) as Json[]);
  return 1 + members.reduce((deepest: number, member) => Math.max(deepest, depthOf(member as Json)), 0);
}

function checkOperators(expression: string, root: ExpressionNode): void {
  checkCount(expression, countOperators(root));
  visit(root, (node) => {
    const { type = "", args = [] } = node;
    if (type === "in" && args.length - 1 > MAXIMUM_IN_OPERANDS)
      throw validationError(
        `Invalid ${expression}: The IN operator is provided with too many operands; number of operands: ${args.length - 1}`,
      );
    if (!ORDERING.includes(type)) return;
    for (const operand of args) {
      const [literal] = Array.isArray(operand) || operand.type ? [] : Object.keys(operand);
      if (literal && !["S", "N", "B"].includes(literal))
        throw validationError(
          `Invalid ${expression}: Incorrect operand type for operator or function; ` +
            `operator or function: ${type.toUpperCase()}, operand type: ${literal}`,
        );
    }
  });
}

function checkCount(expression: string, count: number): void {
  if (count > MAXIMUM_OPERATORS)
    throw validationError(
      `Invalid ${expression}: The expression contains too many operators; operator count: ${MAXIMUM_OPERATORS + 1}`,
    );
}

/** Number of operators and functions in an expression. */
function countOperators(root: ExpressionNode | undefined): number {
  let count = 0;
  if (root) visit(root, () => count++);
  return count;
}

function visit(node: ExpressionNode, look: (node: ExpressionNode) => void): void {
  if (!node.args) return;
  look(node);
  for (const child of node.args) visit(child, look);
}

/** Rejects empty key values in a query: a key attribute is never empty. */
function checkQueriedKeys({ KeyConditions, IndexName }: Json): void {
  for (const [name, { AttributeValueList }] of Object.entries((KeyConditions ?? {}) as Record<string, Json>))
    for (const { S, B } of (AttributeValueList ?? []) as Json[]) {
      if (S !== "" && B !== "") continue;
      const inIndex = IndexName ? "A value specified for a secondary index key is not supported. " : "";
      const where = IndexName ? `IndexName: ${IndexName}, IndexKey: ${name}` : `Key: ${name}`;
      throw validationError(
        `One or more parameter values are not valid. ${inIndex}The AttributeValue for a key attribute cannot contain ` +
          `an empty ${S === "" ? "string" : "binary"} value. ${where}`,
      );
    }
}
