import type { Schema } from "./document";

/** Keywords that describe a value and do not restrict it. */
const ANNOTATIONS = ["description", "default", "examples"];

/** Placeholder for the length of the sent value in characters. */
export const LENGTH = "{length}";

/**
 * Returns one sentence per keyword of a schema for values that violate the keyword. The keys are the paths of the keywords, as Ajv
 * returns them in `schemaPath`.
 * @param schema without references.
 * @throws Error for a keyword without a sentence, or whose sentence needs a description that the schema does not have.
 */
export function errorDetails(schema: Schema, path = "#"): Readonly<Record<string, string>> {
  const own = Object.keys(schema)
    .filter((keyword) => keyword !== "properties" && !ANNOTATIONS.includes(keyword))
    .map((keyword) => [`${path}/${keyword}`, errorDetail(keyword, schema, path)]);
  const inner = Object.entries(schema.properties ?? {}).map(([name, property]) =>
    errorDetails(property, `${path}/properties/${name}`),
  );
  return Object.assign(Object.fromEntries(own), ...inner);
}

function errorDetail(keyword: string, schema: Schema, path: string): string {
  switch (keyword) {
    case "type":
    case "enum":
    case "minimum":
    case "maximum":
      return allowed(schema);
    case "required":
      return "Is required.";
    case "additionalProperties":
      return path === "#/properties/query" ? unknown("parameter", schema) : unknown("field", schema);
    case "minProperties":
      return `Must contain at least one of ${namesOf(schema)}.`;
    case "minLength":
      return schema.minLength === 1
        ? "Must not be empty."
        : `Must have at least ${schema.minLength} characters. It has ${LENGTH}.`;
    case "maxLength":
      return `Must have at most ${schema.maxLength} characters. It has ${LENGTH}.`;
    case "pattern":
      return described(schema, path);
    default:
      throw new Error(`${path} of openapi.json has the keyword ${keyword}, which has no error detail.`);
  }

  function allowed({ type, minimum, maximum, minLength = 0, maxLength }: Schema): string {
    if (schema.enum) return `Must be one of ${schema.enum.map((value) => JSON.stringify(value)).join(", ")}.`;
    if (type === "object") return `Must be a JSON object with ${namesOf(schema)}.`;
    if (type === "integer" && minimum !== undefined && maximum !== undefined)
      return `Must be an integer from ${minimum} to ${maximum}.`;
    if (type === "string" && maxLength !== undefined)
      return `Must be a string of ${minLength} to ${maxLength} characters.`;
    return described(schema, path);
  }
}

/** Converts the description of a schema to an error: "A ULID." becomes "Must be a ULID." */
function described({ description }: Schema, path: string): string {
  if (description === undefined)
    throw new Error(`${path} of openapi.json needs a description that states the allowed values.`);
  return `Must be ${description[0].toLowerCase()}${description.slice(1)}`;
}

function unknown(what: string, schema: Schema): string {
  const names = namesOf(schema);
  return `Unknown ${what}. ${names === "" ? `There are no ${what}s` : `The ${what}s are ${names}`}.`;
}

function namesOf({ properties = {} }: Schema): string {
  return Object.keys(properties).join(", ");
}
