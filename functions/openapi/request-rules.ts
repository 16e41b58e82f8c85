import { Ajv2020 } from "ajv/dist/2020";
import ucs2length from "ajv/dist/runtime/ucs2length";
import standaloneCode from "ajv/dist/standalone";
import {
  DocumentedOperation,
  documentedOperations,
  OperationId,
  Parameter,
  Schema,
  SCHEMAS,
} from "./document";
import { errorDetails } from "./error-details";

/** What is needed to check the requests of an operation. */
interface RequestRules {
  /** The header parameters, in lower case. */
  readonly headers: readonly string[];
  /** The query parameters that are whole numbers. */
  readonly integers: readonly string[];
  readonly hasBody: boolean;
  /** A CommonJS module that needs no other; it exports the check of `{ path, query, header, body }`. */
  readonly code: string;
  /** What to say of an error, by its `schemaPath`. */
  readonly errorDetails: Readonly<Record<string, string>>;
}

/** By operation, without those of HEAD, whose requests have the rules of GET. */
export type AllRequestRules = Readonly<Partial<Record<OperationId, RequestRules>>>;

/**
 * The rules of every operation as JSON, an `AllRequestRules`. This module is run when the program is, so a function gets
 * code that Ajv has compiled already, and starts without Ajv, which would be three megabytes and most of a cold start.
 * As one text, because Pulumi looks at every captured object and function, for every Lambda function, and takes its time.
 * https://ajv.js.org/standalone.html
 */
export const REQUEST_RULES_TEXT = JSON.stringify(allRules());

function allRules(): AllRequestRules {
  const ajv = new Ajv2020({
    allErrors: true,
    useDefaults: true,
    messages: false,
    code: { source: true },
    // Tests do it: Ajv would compile the schema of schemas at every start.
    validateSchema: false,
    validateFormats: false,
  });
  const rules = documentedOperations()
    .filter(({ method }) => method !== "HEAD")
    .map((operation) => [operation.operationId, rulesOf(operation, ajv)]);
  return Object.fromEntries(rules) as AllRequestRules;
}

function rulesOf({ parameters, body }: DocumentedOperation, ajv: Ajv2020): RequestRules {
  const schema = requestSchema(parameters, body && resolved(body));
  return {
    headers: parameters.filter((parameter) => parameter.in === "header").map(({ name }) => name),
    integers: parameters.filter(({ schema: { type } }) => type === "integer").map(({ name }) => name),
    hasBody: body !== undefined,
    code: selfContained(standaloneCode(ajv, ajv.compile(schema))),
    errorDetails: errorDetails(schema),
  };
}

/** The schema of a request's parts: what of a request the document describes, and no other query parameter. */
function requestSchema(parameters: readonly Parameter[], body: Schema | undefined): Schema {
  const properties = {
    path: partSchema(parameters, "path"),
    query: { ...partSchema(parameters, "query"), additionalProperties: false },
    header: partSchema(parameters, "header"),
    ...(body && { body }),
  };
  return { type: "object", properties, required: Object.keys(properties) };
}

function partSchema(parameters: readonly Parameter[], part: Parameter["in"]): Schema {
  const own = parameters.filter((parameter) => parameter.in === part);
  return {
    type: "object",
    properties: Object.fromEntries(own.map(({ name, schema }) => [name, resolved(schema)])),
    required: own.filter(({ required }) => required).map(({ name }) => name),
  };
}

/** The schema with the named ones in place of their references; what a named schema says of itself counts. */
function resolved({ $ref, ...own }: Schema): Schema {
  const schema: Schema = $ref ? { ...own, ...SCHEMAS[$ref.replace("#/components/schemas/", "")] } : own;
  if (schema.$ref) return resolved(schema);
  if (!schema.properties) return schema;
  const properties = Object.entries(schema.properties).map(([name, property]) => [name, resolved(property)]);
  return { ...schema, properties: Object.fromEntries(properties) };
}

/** With the one helper of Ajv's that the code may need put into it: a function's archive has no Ajv. */
function selfContained(code: string): string {
  const whole = code.replaceAll('require("ajv/dist/runtime/ucs2length").default', ucs2length.toString());
  const [needed] = /require\([^)]*\)/.exec(whole) ?? [];
  if (needed)
    throw new Error(`A check of requests needs ${needed}, which no function has; put it into the code here.`);
  return whole;
}
