import document from "../../openapi.json";
import type { operations } from "./schema";

/** Id of an operation of the OpenAPI document. */
export type OperationId = keyof operations;

/** OpenAPI document as text. Pulumi cannot serialize an object with keys named `default`. */
export const DOCUMENT_TEXT = JSON.stringify(document);

/** JSON Schema of the document: https://spec.openapis.org/oas/v3.1.0#schema-object */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly [keyword: string]: unknown;
}

/** Parameter of an operation. */
export interface Parameter {
  /** The name of a header is in lower case. */
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema: Schema;
}

/** Operation of the document and the parts of its requests. */
export interface DocumentedOperation {
  readonly operationId: OperationId;
  /** In upper case. */
  readonly method: string;
  /** Such as `/tickets/{id}`. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** Schema of the JSON body; undefined if the operation has none. */
  readonly body: Schema | undefined;
}

const METHODS = ["get", "head", "post", "put", "patch", "delete", "options", "trace"] as const;

interface PathItem extends Partial<Record<(typeof METHODS)[number], OperationObject>> {
  readonly parameters?: readonly Reference[];
}

interface OperationObject {
  readonly operationId: string;
  readonly parameters?: readonly Reference[];
  readonly requestBody?: { readonly content: { readonly "application/json": { readonly schema: Schema } } };
}

/** Reference to a parameter. Every parameter of the document is under `components`. */
interface Reference {
  readonly $ref: string;
}

/** Schemas of the document by name. */
export const SCHEMAS = document.components.schemas as unknown as Readonly<Record<string, Schema>>;

/** Returns the operations of the document in its order. */
export function documentedOperations(): DocumentedOperation[] {
  const paths = document.paths as unknown as Readonly<Record<string, PathItem>>;
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      if (!operation) return [];
      const references = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
      return {
        operationId: operation.operationId as OperationId,
        method: method.toUpperCase(),
        path,
        parameters: references.map(parameterOf),
        body: operation.requestBody?.content["application/json"].schema,
      };
    }),
  );
}

function parameterOf({ $ref }: Reference): Parameter {
  const name = $ref.split("/").pop() as keyof typeof document.components.parameters;
  return document.components.parameters[name] as unknown as Parameter;
}
