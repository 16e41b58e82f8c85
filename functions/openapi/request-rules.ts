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

/** Rules by which the requests of an operation are checked. */
interface RequestRules {
  /** Names of the header parameters in lower case. */
  readonly headers: readonly string[];
  /** Names of the query parameters that are integers. */
  readonly integers: readonly string[];
  readonly hasBody: boolean;
  /** Source of a CommonJS module without imports. It exports the check of `{ path, query, header, body }`. */
  readonly code: string;
  /** Sentence for each error by its `schemaPath`. */
  readonly errorDetails: Readonly<Record<string, string>>;
}

/** Rules by operation. HEAD operations have none; the rules of GET apply to them. */
export type AllRequestRules = Readonly<Partial<Record<OperationId, RequestRules>>>;

/**
 * Rules of every operation (`AllRequestRules`) as JSON. This module runs in the Pulumi program, so a function contains code that Ajv has
 * already compiled and starts without Ajv, which has 3 MB and would take most of a cold start. The rules are one string, because
 * Pulumi's serialization of captured objects is slow and repeats for every Lambda function.
 * https://ajv.js.org/standalone.html
 */
export const REQUEST_RULES_TEXT = JSON.stringify(allRules());

function allRules(): AllRequestRules {
  const ajv = new Ajv2020({
    allErrors: true,
    useDefaults: true,
    messages: false,
    code: { source: true },
    // The tests validate the schemas. Here, Ajv would compile the meta-schema at every start.
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

/** Returns the schema of a request: the parts that the document describes, and no other query parameter. */
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

/** Resolves the references of a schema. Keywords of the referenced schema take precedence. */
function resolved({ $ref, ...own }: Schema): Schema {
  const schema: Schema = $ref ? { ...own, ...SCHEMAS[$ref.replace("#/components/schemas/", "")] } : own;
  if (schema.$ref) return resolved(schema);
  if (!schema.properties) return schema;
  const properties = Object.entries(schema.properties).map(([name, property]) => [name, resolved(property)]);
  return { ...schema, properties: Object.fromEntries(properties) };
}

/** Inlines the one helper of Ajv that the compiled code can need. The archive of a function has no Ajv. */
function selfContained(code: string): string {
  const whole = code.replaceAll('require("ajv/dist/runtime/ucs2length").default', ucs2length.toString());
  const [needed] = /require\([^)]*\)/.exec(whole) ?? [];
  if (needed)
    throw new Error(
      `The compiled request check needs ${needed}, which functions do not have. Inline it here.`,
    );
  return whole;
}
