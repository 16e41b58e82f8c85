import assert from "node:assert/strict";
import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { documentedOperations, OperationId } from "../../functions/openapi/document";
import document from "../../openapi.json";
import type { HttpResponse } from "./http-client";

/** A header of an answer in the document. */
interface HeaderObject {
  readonly required?: boolean;
  readonly schema: object;
}

/** An answer in the document: https://spec.openapis.org/oas/v3.1.0#response-object */
interface ResponseObject {
  readonly headers?: Readonly<Record<string, HeaderObject | Reference>>;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

interface Reference {
  readonly $ref: string;
}

/** An operation and one of the statuses that the document gives it. */
export interface DocumentedResponse {
  readonly operationId: OperationId;
  readonly status: number;
}

/** What any HTTP answer may have, and what API Gateway adds. */
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

/** Every operation with every status of the document. */
export function documentedResponses(): DocumentedResponse[] {
  return documentedOperations().flatMap(({ operationId }) =>
    Object.keys(responsesOf(operationId)).map((status) => ({ operationId, status: Number(status) })),
  );
}

/** The names of the headers that the document gives some answer. */
export function documentedHeaders(): string[] {
  const all = documentedResponses().flatMap(({ operationId, status }) =>
    Object.keys(responseOf(operationId, status)?.headers ?? {}),
  );
  return [...new Set(all)];
}

/** Everything in which an operation's answer differs from the document; empty when nothing does. */
export function faultsOf(operationId: OperationId, answer: HttpResponse, region: string): string[] {
  const response = responseOf(operationId, answer.status);
  if (!response) return [`The document has no status ${answer.status}.`];
  return [
    ...headerFaults(response, answer),
    ...bodyFaults(response, answer),
    ...identityFaults(answer, region),
  ];
}

/** What is wrong with an answer to a request that no operation takes: it must be a problem of the API. */
export function problemFaults(answer: HttpResponse, region: string): string[] {
  const content = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
  return [...bodyFaults({ content }, answer), ...identityFaults(answer, region)];
}

/** @throws AssertionError that says in which points an operation's answer differs from the document. */
export function assertDocumented(operationId: OperationId, answer: HttpResponse, region: string): void {
  const faults = faultsOf(operationId, answer, region);
  assert.deepEqual(faults, [], `${operationId} ${answer.status}: ${answer.text}`);
}

/** Why a value is not what a schema of the document's components asks for; undefined when it is. */
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

function headerFaults({ headers = {} }: ResponseObject, answer: HttpResponse): string[] {
  const documented = Object.entries(headers).flatMap(([name, header]) => {
    const { required, schema } = dereferenced(header);
    const value = answer.headers[name];
    if (value === undefined) return required ? [`The header ${name} is missing.`] : [];
    const fault = faultBy(schema, value);
    return fault === undefined ? [] : [`The header ${name} is ${value}: ${fault}`];
  });
  const others = Object.keys(answer.headers)
    .filter((name) => !(name in headers) && !COMMON_HEADERS.includes(name))
    .map((name) => `The document has no header ${name}.`);
  return [...documented, ...others];
}

function bodyFaults({ content }: ResponseObject, answer: HttpResponse): string[] {
  if (!content) return answer.text === "" ? [] : [`There is a body: ${answer.text}`];
  const type = answer.headers["content-type"] ?? "";
  if (!content[type]) return [`The content type is ${type}, none of ${Object.keys(content).join(", ")}.`];
  const fault = faultBy(content[type].schema, JSON.parse(answer.text));
  return fault === undefined ? [] : [fault];
}

/** That the answer says which region gave it, under one id everywhere, and that a problem has the answer's own status. */
function identityFaults({ status, headers, text }: HttpResponse, region: string): string[] {
  const isProblem = headers["content-type"] === "application/problem+json" && text !== "";
  const said = isProblem ? JSON.parse(text) : undefined;
  const expected: [string, unknown, unknown][] = [
    ["The region", headers["x-served-by"], region],
    ["The request id", headers["x-request-id"], headers["apigw-requestid"]],
    ["The problem's status", said?.status, said && status],
    ["The problem's request id", said?.requestId, said && headers["x-request-id"]],
  ];
  return expected
    .filter(([, actual, wanted]) => actual !== wanted)
    .map(([what, actual, wanted]) => `${what} is ${String(actual)}, not ${String(wanted)}.`);
}

function faultBy(schema: object, value: unknown): string | undefined {
  // The document's references are to its own components, which Ajv knows under a name.
  const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#', '"$ref":"api#')) as object;
  const key = JSON.stringify(absolute);
  const isValid = (compiled[key] ??= ajv.compile(absolute));
  return isValid(value) ? undefined : ajv.errorsText(isValid.errors);
}
