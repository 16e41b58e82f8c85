import assert from "node:assert/strict";
import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { documentedOperations, OperationId } from "../../functions/openapi/document";
import document from "../../openapi.json";
import type { HttpResponse } from "./http-client";

/** Header of a response in the document. */
interface HeaderObject {
  readonly required?: boolean;
  readonly schema: object;
}

/** Response in the document: https://spec.openapis.org/oas/v3.1.0#response-object */
interface ResponseObject {
  readonly headers?: Readonly<Record<string, HeaderObject | Reference>>;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

interface Reference {
  readonly $ref: string;
}

/** Operation and one of its documented statuses. */
export interface DocumentedResponse {
  readonly operationId: OperationId;
  readonly status: number;
}

/** Headers that every HTTP response can have, including those of API Gateway. */
const COMMON_HEADERS = [
  "apigw-requestid",
  "cache-control",
  "connection",
  "content-length",
  "content-type",
  "date",
  "keep-alive",
];

const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats(ajv);
ajv.addSchema({ $id: "api", components: document.components });
const compiled: Record<string, ValidateFunction> = {};

/** Returns every documented status of every operation. */
export function documentedResponses(): DocumentedResponse[] {
  return documentedOperations().flatMap(({ operationId }) =>
    Object.keys(responsesOf(operationId)).map((status) => ({ operationId, status: Number(status) })),
  );
}

/** Returns the names of all documented response headers. */
export function documentedHeaders(): string[] {
  const all = documentedResponses().flatMap(({ operationId, status }) =>
    Object.keys(responseOf(operationId, status)?.headers ?? {}),
  );
  return [...new Set(all)];
}

/** Returns the differences between the response of an operation and the document. */
export function faultsOf(operationId: OperationId, response: HttpResponse, region: string): string[] {
  const documented = responseOf(operationId, response.status);
  if (!documented) return [`The document has no status ${response.status}.`];
  return [
    ...headerFaults(documented, response),
    ...bodyFaults(documented, response),
    ...identityFaults(response, region),
  ];
}

/** Returns the faults of a response to a request without an operation, which must be a problem of the API. */
export function problemFaults(response: HttpResponse, region: string): string[] {
  const content = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
  return [...bodyFaults({ content }, response), ...identityFaults(response, region)];
}

/** @throws AssertionError with the differences between the response of an operation and the document. */
export function assertDocumented(operationId: OperationId, response: HttpResponse, region: string): void {
  const faults = faultsOf(operationId, response, region);
  assert.deepEqual(faults, [], `${operationId} ${response.status}: ${response.text}`);
}

/** Returns why a value is invalid by a schema of the document; undefined if it is valid. */
export function schemaFault(name: string, value: unknown): string | undefined {
  return faultBy({ $ref: `#/components/schemas/${name}` }, value);
}

function responsesOf(operationId: OperationId): Readonly<Record<string, ResponseObject | Reference>> {
  const operation = documentedOperations().find((candidate) => candidate.operationId === operationId);
  const { path, method } = operation as NonNullable<typeof operation>;
  const paths = document.paths as unknown as Record<string, Record<string, { responses: object }>>;
  return paths[path][method.toLowerCase()].responses as Record<string, ResponseObject | Reference>;
}

function responseOf(operationId: OperationId, status: number): ResponseObject | undefined {
  const response = responsesOf(operationId)[status];
  return response && dereferenced(response);
}

function dereferenced<T extends object>(object: T | Reference): T {
  if (!("$ref" in object)) return object;
  const names = object.$ref.split("/").slice(1);
  return names.reduce<unknown>((outer, name) => (outer as Record<string, unknown>)[name], document) as T;
}

function headerFaults({ headers = {} }: ResponseObject, response: HttpResponse): string[] {
  const documented = Object.entries(headers).flatMap(([name, header]) => {
    const { required, schema } = dereferenced(header);
    const value = response.headers[name];
    if (value === undefined) return required ? [`The header ${name} is missing.`] : [];
    const fault = faultBy(schema, value);
    return fault === undefined ? [] : [`The header ${name} is ${value}: ${fault}`];
  });
  const others = Object.keys(response.headers)
    .filter((name) => !(name in headers) && !COMMON_HEADERS.includes(name))
    .map((name) => `The document has no header ${name}.`);
  return [...documented, ...others];
}

function bodyFaults({ content }: ResponseObject, response: HttpResponse): string[] {
  if (!content) return response.text === "" ? [] : [`Unexpected body: ${response.text}`];
  const type = response.headers["content-type"] ?? "";
  if (!content[type]) return [`The content type is ${type}, none of ${Object.keys(content).join(", ")}.`];
  const fault = faultBy(content[type].schema, JSON.parse(response.text));
  return fault === undefined ? [] : [fault];
}

/** Checks the region, the request id, and that a problem has the status of the response. */
function identityFaults({ status, headers, text }: HttpResponse, region: string): string[] {
  const isProblem = headers["content-type"] === "application/problem+json" && text !== "";
  const body = isProblem ? JSON.parse(text) : undefined;
  const expected: [string, unknown, unknown][] = [
    ["The region", headers["x-served-by"], region],
    ["The request id", headers["x-request-id"], headers["apigw-requestid"]],
    ["The problem's status", body?.status, body && status],
    ["The problem's request id", body?.requestId, body && headers["x-request-id"]],
  ];
  return expected
    .filter(([, actual, wanted]) => actual !== wanted)
    .map(([what, actual, wanted]) => `${what} is ${String(actual)}, not ${String(wanted)}.`);
}

function faultBy(schema: object, value: unknown): string | undefined {
  // References of the document are relative to it. Ajv knows its components by the id "api".
  const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#', '"$ref":"api#')) as object;
  const key = JSON.stringify(absolute);
  const isValid = (compiled[key] ??= ajv.compile(absolute));
  return isValid(value) ? undefined : ajv.errorsText(isValid.errors);
}
