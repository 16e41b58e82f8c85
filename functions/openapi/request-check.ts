import type { ErrorObject } from "ajv";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { jsonBody } from "../http/json-body";
import { FieldError, invalidRequest } from "../http/problem";
import type { OperationId } from "./document";
import { AllRequestRules, REQUEST_RULES_TEXT } from "./request-rules";
import { LENGTH } from "./error-details";

/** The parts of a request that the document describes, checked. */
export interface CheckedRequest {
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  /** Converted, defaults filled in. */
  readonly query: Readonly<Record<string, string | number | undefined>>;
  /** The document's header parameters, by lower-case name; undefined when not sent. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Parsed, defaults filled in; undefined when the operation takes none. */
  readonly body: unknown;
}

/** The parts of a request, by the names that the compiled check gives them. */
interface Parts {
  readonly path: Record<string, unknown>;
  readonly query: Record<string, unknown>;
  readonly header: Record<string, unknown>;
  readonly body?: unknown;
}

/** A check that Ajv has compiled: fills in defaults, and leaves what is wrong in `errors`. */
interface CompiledCheck {
  (parts: Parts): boolean;
  readonly errors?: ErrorObject[] | null;
}

/** So many errors are told at most: a body may have ten thousand fields that do not exist. */
const MAXIMUM_ERRORS = 50;

/**
 * Makes the check of an operation's requests, which gives what the document describes of one: query parameters
 * converted, defaults filled in, nothing else.
 * @throws Problem from the check: 400 with every wrong field at once, 413 and 415 for a body that is not even read.
 */
export function requestCheck(operationId: OperationId): (event: APIGatewayProxyEventV2) => CheckedRequest {
  const rules = JSON.parse(REQUEST_RULES_TEXT) as AllRequestRules;
  const own = rules[operationId];
  if (!own) throw new Error(`${operationId} has no rules of its own; use the operation of GET.`);
  const { headers, integers, hasBody, code, errorDetails } = own;
  const check = loadCheck(code);
  return (event) => {
    const read = hasBody ? jsonBody(event) : { errors: [] };
    const parts: Parts = {
      path: given(event.pathParameters),
      query: converted(given(event.queryStringParameters), integers),
      header: given(Object.fromEntries(headers.map((name) => [name, event.headers[name]]))),
      ...(read.body !== undefined && { body: read.body }),
    };
    const valid = check(parts);
    const errors = oncePerField([
      ...read.errors,
      ...repeated(event.rawQueryString),
      ...illFormed(parts),
      ...(valid ? [] : (check.errors ?? []).map((error) => fieldError(error, parts, errorDetails))),
    ]);
    if (errors.length > 0) throw invalidRequest(errors.slice(0, MAXIMUM_ERRORS));
    // Checked: the document gives these types.
    return {
      pathParameters: parts.path as CheckedRequest["pathParameters"],
      query: parts.query as CheckedRequest["query"],
      headers: parts.header as CheckedRequest["headers"],
      body: parts.body,
    };
  };
}

/** Runs the compiled module, which comes from the function's own archive. */
function loadCheck(code: string): CompiledCheck {
  const module = { exports: undefined as unknown };
  new Function("module", code)(module);
  return module.exports as CompiledCheck;
}

/** A copy of its own, without what is not there, for defaults to be put into. */
function given(values: Readonly<Record<string, string | undefined>> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** With numbers for the texts of digits that should be some; what is no number stays a text, which the check refuses. */
function converted(query: Record<string, unknown>, integers: readonly string[]): Record<string, unknown> {
  for (const name of integers)
    if (Object.hasOwn(query, name) && /^\d+$/.test(String(query[name]))) query[name] = Number(query[name]);
  return query;
}

/**
 * An error by the field as the client sent it: its name, `body` for the whole body, dots between the names within it.
 * @throws Error when the error has no wording.
 */
function fieldError(
  { instancePath, schemaPath, params }: ErrorObject,
  parts: Parts,
  wordings: Readonly<Record<string, string>>,
): FieldError {
  const wording = wordings[schemaPath];
  if (wording === undefined) throw new Error(`There is no wording for ${schemaPath}.`);
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
    // In characters, as JSON Schema counts them, and not in halves of surrogate pairs.
    detail: wording.replace(LENGTH, () => String([...String(value)].length)),
  };
}

/** API Gateway joins the values of a parameter with commas, which then look like one value. */
function repeated(rawQueryString: string): FieldError[] {
  const names = [...new URLSearchParams(rawQueryString).keys()];
  return names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((field) => ({ field, detail: "Must not be repeated." }));
}

/** JSON can escape half of a surrogate pair, but no UTF-8, and so no table, can hold one. */
function illFormed({ path, query, header, body }: Parts): FieldError[] {
  const fields = typeof body === "object" && body !== null ? body : {};
  return [path, query, header, fields]
    .flatMap((part) => Object.entries(part))
    .filter(([, value]) => !isWellFormed(value))
    .map(([field]) => ({ field, detail: "Must be well-formed Unicode: it contains a lone surrogate." }));
}

function isWellFormed(value: unknown): boolean {
  // A list of what is still to be seen, not recursion, because a body may be nested ten thousand levels deep.
  for (const open = [value]; open.length > 0;) {
    const next = open.pop();
    if (typeof next === "string" && !next.isWellFormed()) return false;
    if (typeof next === "object" && next !== null) open.push(...Object.values(next));
  }
  return true;
}

/** The first error of each field: what is wrong first is what to mend first. */
function oncePerField(errors: readonly FieldError[]): FieldError[] {
  const seen = new Set<string>();
  return errors.filter(({ field }) => !seen.has(field) && seen.add(field));
}
