import type { ErrorObject } from "ajv";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { jsonBody } from "../http/json-body";
import { FieldError, invalidRequest } from "../http/problem";
import { parseQueryString } from "../http/query-string";
import type { OperationId } from "./document";
import { AllRequestRules, REQUEST_RULES_TEXT } from "./request-rules";
import { LENGTH } from "./error-details";

/** Checked parts of a request that the OpenAPI document describes. */
export interface CheckedRequest {
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  /** Query parameters, converted and with defaults. */
  readonly query: Readonly<Record<string, string | number | undefined>>;
  /** Header parameters of the document by lower-case name; undefined if absent. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Parsed body with defaults; undefined if the operation has none. */
  readonly body: unknown;
}

/** Parts of a request by their names in the compiled check. */
interface Parts {
  readonly path: Record<string, unknown>;
  readonly query: Record<string, unknown>;
  readonly header: Record<string, unknown>;
  readonly body?: unknown;
}

/** Check that Ajv compiled. It fills in defaults and stores the errors in `errors`. */
interface CompiledCheck {
  (parts: Parts): boolean;
  readonly errors?: ErrorObject[] | null;
}

/** Maximum number of errors in a response. A body can have ten thousand unknown fields. */
const MAXIMUM_ERRORS = 50;

/**
 * Returns the check of an operation's requests. The check returns only the parts that the document describes, with converted query
 * parameters and defaults. It throws a Problem: 400 with all invalid fields, or 413 or 415 without reading the body.
 */
export function requestCheck(operationId: OperationId): (event: APIGatewayProxyEventV2) => CheckedRequest {
  const rules = JSON.parse(REQUEST_RULES_TEXT) as AllRequestRules;
  const own = rules[operationId];
  if (!own) throw new Error(`The operation ${operationId} has no request rules. Use the operation of GET.`);
  const { headers, integers, hasBody, code, errorDetails } = own;
  const check = loadCheck(code);
  return (event) => {
    const read = hasBody ? jsonBody(event) : { errors: [] };
    const query = parseQueryString(event.rawQueryString);
    const parts: Parts = {
      path: definedValues(event.pathParameters),
      query: withIntegers(query.parameters, integers),
      header: definedValues(Object.fromEntries(headers.map((name) => [name, event.headers[name]]))),
      ...(read.body !== undefined && { body: read.body }),
    };
    const valid = check(parts);
    const errors = oncePerField([
      ...read.errors,
      ...query.errors,
      ...loneSurrogates(parts),
      ...(valid ? [] : (check.errors ?? []).map((error) => fieldError(error, parts, errorDetails))),
    ]);
    if (errors.length > 0) throw invalidRequest(errors.slice(0, MAXIMUM_ERRORS));
    // The check has verified these types.
    return {
      pathParameters: parts.path as CheckedRequest["pathParameters"],
      query: parts.query as CheckedRequest["query"],
      headers: parts.header as CheckedRequest["headers"],
      body: parts.body,
    };
  };
}

/** Evaluates the compiled module, which is part of the function's archive. */
function loadCheck(code: string): CompiledCheck {
  const module = { exports: undefined as unknown };
  new Function("module", code)(module);
  return module.exports as CompiledCheck;
}

/** Returns a copy without undefined values. The check adds defaults to it. */
function definedValues(values: Readonly<Record<string, string | undefined>> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Converts texts of digits to numbers. Any other text stays a string, which the check rejects. */
function withIntegers(query: Record<string, unknown>, integers: readonly string[]): Record<string, unknown> {
  for (const name of integers)
    if (Object.hasOwn(query, name) && /^\d+$/.test(String(query[name]))) query[name] = Number(query[name]);
  return query;
}

/**
 * Converts an error of Ajv. The field is the name that the client sent, with dots between nested names, or `body` for the whole body.
 * @throws Error for an error without a sentence.
 */
function fieldError(
  { instancePath, schemaPath, params }: ErrorObject,
  parts: Parts,
  errorDetails: Readonly<Record<string, string>>,
): FieldError {
  const sentence = errorDetails[schemaPath];
  if (sentence === undefined) throw new Error(`${schemaPath} has no error detail.`);
  // The names of a JSON Pointer: https://www.rfc-editor.org/rfc/rfc6901#section-4
  const names = instancePath.split("/").map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
  const [, part, ...inner] = names;
  const { missingProperty, additionalProperty } = params as Record<string, string | undefined>;
  const path = [...inner, missingProperty, additionalProperty].filter((name) => name !== undefined);
  const value = inner.reduce(
    (outer, name) => (outer as Record<string, unknown>)[name],
    parts[part as keyof Parts] as unknown,
  );
  return {
    field: path.length > 0 ? path.join(".") : part,
    // Counts characters as JSON Schema does, not UTF-16 code units.
    detail: sentence.replace(LENGTH, () => String([...String(value)].length)),
  };
}

/** Finds lone surrogates. JSON can escape one, but UTF-8, and therefore DynamoDB, cannot store it. */
function loneSurrogates({ path, query, header, body }: Parts): FieldError[] {
  const fields = typeof body === "object" && body !== null ? body : {};
  return [path, query, header, fields]
    .flatMap((part) => Object.entries(part))
    .filter(([, value]) => !isWellFormed(value))
    .map(([field]) => ({ field, detail: "Must be well-formed Unicode: it contains a lone surrogate." }));
}

function isWellFormed(value: unknown): boolean {
  // Iterative, because a body can have ten thousand levels of nesting.
  for (const open = [value]; open.length > 0;) {
    const next = open.pop();
    if (typeof next === "string" && !next.isWellFormed()) return false;
    if (typeof next === "object" && next !== null) open.push(...Object.values(next));
  }
  return true;
}

/** Returns the first error of each field. */
function oncePerField(errors: readonly FieldError[]): FieldError[] {
  const seen = new Set<string>();
  return errors.filter(({ field }) => !seen.has(field) && seen.add(field));
}
