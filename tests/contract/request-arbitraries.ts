import fc from "fast-check";
import {
  DocumentedOperation,
  documentedOperations,
  Parameter,
  Schema,
  SCHEMAS,
} from "../../functions/openapi/document";
import type { HttpRequest } from "./http-client";
import {
  invalidText,
  invalidValue,
  MARKER,
  resolved,
  unknownName,
  validObject,
  validValue,
} from "./value-arbitraries";

/** Request of an operation, with its expected validity. */
export interface ExpectedRequest {
  readonly operation: DocumentedOperation;
  readonly request: HttpRequest;
  /** The only invalid field; undefined for a valid request. */
  readonly wrongField: string | undefined;
}

/** Names and values in the order in which they are sent. A name can be repeated. */
type Pairs = readonly (readonly [string, unknown])[];

/** Parts of a request before it is encoded. */
interface Parts {
  readonly id: string;
  readonly query: Pairs;
  readonly headers: Pairs;
  /** Fields or text of the body; undefined for an operation without one. */
  readonly body: Pairs | string | undefined;
}

/** Request with one invalid field. */
interface Wrong extends Parts {
  readonly field: string;
}

/** Makes one field of a request invalid. */
type Spoil = (parts: Parts) => Wrong;

/** Text that HTTP sends unchanged in a header. */
const SENDABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
/** Maximum length of an encoded parameter. Longer ones could exceed the limit of the request head. */
const MAXIMUM_PARAMETER_BYTES = 2000;
/** Rare operations: two are throttled, one deletes the tickets of other requests, one has a long response. */
const RARE = ["checkHealth", "describeRouting", "deleteTicket", "describeApi"];
/** Headers of every request. */
const CLIENT_HEADERS = { "user-agent": MARKER, cookie: `session=${MARKER}` };

/**
 * Generates requests of every operation, half of them valid and half with one invalid field.
 * @param ids ticket ids that most requests use.
 */
export function expectedRequests(ids: readonly string[]): fc.Arbitrary<ExpectedRequest> {
  const operations = documentedOperations().filter(({ method }) => method !== "HEAD");
  const weighted = operations.flatMap((operation) => {
    const right = partsOf(operation, ids);
    const wrong = fc.tuple(right, spoils(operation)).map(([parts, spoil]) => spoil(parts));
    const weight = RARE.includes(operation.operationId) ? 1 : operation.body ? 6 : 3;
    return [
      { weight, arbitrary: right.map((parts) => written(operation, parts, undefined)) },
      { weight, arbitrary: wrong.map(({ field, ...parts }) => written(operation, parts, field)) },
    ];
  });
  return fc.oneof(...weighted);
}

function partsOf({ parameters, body }: DocumentedOperation, ids: readonly string[]): fc.Arbitrary<Parts> {
  const query = parameters.filter((parameter) => parameter.in === "query");
  const headers = parameters.filter((parameter) => parameter.in === "header");
  const otherId = validValue(SCHEMAS.TicketId).map(String);
  return fc.record({
    id: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: otherId }),
    query: pairsOf(query, isShort),
    headers: pairsOf(headers, (text) => SENDABLE.test(text)),
    body: body ? validObject(body).map((object) => Object.entries(object)) : fc.constant(undefined),
  });
}

function pairsOf(parameters: readonly Parameter[], isFit: (text: string) => boolean): fc.Arbitrary<Pairs> {
  const values = parameters.map(({ name, schema }) => [
    name,
    validValue(schema).filter((value) => isFit(String(value))),
  ]);
  return fc
    .record(Object.fromEntries(values) as Record<string, fc.Arbitrary<unknown>>, { requiredKeys: [] })
    .map((record) => Object.entries(record));
}

function spoils({ parameters, body }: DocumentedOperation): fc.Arbitrary<Spoil> {
  const names = parameters.map(({ name }) => name);
  const unknownParameter = unknownName(names).map((field): Spoil => (parts) => ({
    ...parts,
    query: [...parts.query, [field, MARKER]],
    field,
  }));
  return fc.oneof(
    { weight: 1, arbitrary: unknownParameter },
    ...parameters.map((parameter) => ({ weight: 4, arbitrary: spoilsOfParameter(parameter) })),
    ...(body ? [{ weight: 12, arbitrary: spoilsOfBody(resolved(body)) }] : []),
  );
}

function spoilsOfParameter({ name: field, in: part, schema }: Parameter): fc.Arbitrary<Spoil> {
  const texts = field === "cursor" ? fc.constantFrom(MARKER, "", "x".repeat(1001)) : invalidText(schema);
  switch (part) {
    case "path":
      return (
        texts
          .filter((id) => id !== "" && !id.includes("\0") && isShort(id))
          // The access log contains the path, so the marker must not be in it.
          .map((id) => id.replaceAll(MARKER, "no-id"))
          .map((id) => (parts) => ({ ...parts, id, field }))
      );
    case "header":
      return texts
        .filter((text) => SENDABLE.test(text) && isShort(text))
        .map((text) => (parts) => ({ ...parts, headers: replaced(parts.headers, field, text), field }));
    case "query": {
      const once = texts.filter(isShort).map((text): Pairs => [[field, text]]);
      const twice = validValue(schema)
        .filter((value) => isShort(String(value)))
        .map((value): Pairs => [
          [field, value],
          [field, value],
        ]);
      return fc
        .oneof({ weight: 4, arbitrary: once }, { weight: 1, arbitrary: twice })
        .map((pairs): Spoil => (parts) => ({
          ...parts,
          query: [...without(parts.query, field), ...pairs],
          field,
        }));
    }
  }
}

function spoilsOfBody({ properties = {}, required = [], minProperties }: Schema): fc.Arbitrary<Spoil> {
  const inBody =
    (field: string, change: (pairs: Pairs) => Pairs | string): Spoil =>
    (parts) => ({ ...parts, body: change(parts.body as Pairs), field });
  const wrong = Object.entries(properties).map(([field, schema]) =>
    invalidValue(schema).map((value) => inBody(field, (pairs) => replaced(pairs, field, value))),
  );
  const unknown = fc
    .tuple(unknownName(Object.keys(properties)), fc.jsonValue())
    .map(([field, value]) => inBody(field, (pairs) => [...pairs, [field, value]]));
  const missing = required.map((field) => fc.constant(inBody(field, (pairs) => without(pairs, field))));
  const nothing = minProperties === undefined ? [] : [fc.constant(inBody("body", () => []))];
  const whole = fc
    .constantFrom("[]", "null", "7", `"${MARKER}"`, "", "{", `{"${MARKER}":}`, "[".repeat(30_000))
    .map((text) => inBody("body", () => text));
  return fc.oneof(...wrong, unknown, ...missing, ...nothing, whole);
}

function replaced(pairs: Pairs, name: string, value: unknown): Pairs {
  return [...without(pairs, name), [name, value]];
}

function without(pairs: Pairs, name: string): Pairs {
  return pairs.filter(([other]) => other !== name);
}

function isShort(text: string): boolean {
  return encodeURIComponent(text).length <= MAXIMUM_PARAMETER_BYTES;
}

function written(
  operation: DocumentedOperation,
  { id, query, headers, body }: Parts,
  wrongField: string | undefined,
): ExpectedRequest {
  const path = operation.path.replace("{id}", () => encodeURIComponent(id));
  const encoded = query.map((pair) => pair.map((part) => encodeURIComponent(String(part))).join("="));
  const request = {
    method: operation.method,
    path: encoded.length > 0 ? `${path}?${encoded.join("&")}` : path,
    headers: {
      ...CLIENT_HEADERS,
      ...Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : jsonObject(body) }),
  };
  return { operation, request, wrongField };
}

/** Encodes pairs as JSON. A JavaScript object cannot have a name twice, nor easily `__proto__`. */
function jsonObject(pairs: Pairs): string {
  return `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
}
