import { Ajv2020 } from "ajv/dist/2020";
import fc from "fast-check";
import { Schema, SCHEMAS } from "../../functions/openapi/document";

/** Marker in the text of clients. Tests search for it where text of clients is forbidden, such as in logs. */
export const MARKER = "Zq7MarkOfAClient";

const ajv = new Ajv2020({ strict: false });

/** Resolves the reference of a schema. */
export function resolved({ $ref, ...own }: Schema): Schema {
  return $ref ? { ...own, ...SCHEMAS[$ref.replace("#/components/schemas/", "")] } : own;
}

/** Generates valid values of a schema. */
export function validValue(schema: Schema): fc.Arbitrary<unknown> {
  const { type, enum: allowed, pattern, minimum, maximum, minLength = 0, maxLength } = resolved(schema);
  if (allowed) return fc.constantFrom(...allowed);
  if (type === "integer") return fc.integer({ min: minimum, max: maximum });
  // Most texts match a pattern without anchors.
  const isWhole = pattern?.startsWith("^");
  const texts = isWhole ? fc.stringMatching(new RegExp(String(pattern))) : anyText(minLength, maxLength);
  const isValid = ajv.compile(resolved(schema));
  return texts.filter((text) => isValid(text)).map(isVersion(schema) ? versionInThePast : (text) => text);
}

function isVersion(schema: Schema): boolean {
  return resolved(schema).pattern === SCHEMAS.Version.pattern;
}

/** Converts a version to one before 2002: `resolvedConflict` must be older than the ticket, which no schema can state. */
function versionInThePast(version: string): string {
  return version.replace(/^\d{3}/, "000");
}

const { properties: CHANGES = {} } = SCHEMAS.TicketChanges;

/** Schema of an edit that settles no conflict. A new ticket has none. */
export const EDIT_WITHOUT_CONFLICT: Schema = {
  ...SCHEMAS.TicketChanges,
  properties: Object.fromEntries(Object.entries(CHANGES).filter(([name]) => name !== "resolvedConflict")),
};

/** Generates valid objects of a schema with any subset of the optional fields. */
export function validObject(schema: Schema): fc.Arbitrary<Record<string, unknown>> {
  const { properties = {}, required = [], minProperties = 0 } = resolved(schema);
  const values = Object.entries(properties).map(([name, property]) => [name, validValue(property)]);
  const fields = Object.fromEntries(values) as Record<string, fc.Arbitrary<unknown>>;
  return fc
    .record(fields, { requiredKeys: [...required], noNullPrototype: true })
    .filter((object) => Object.keys(object).length >= Number(minProperties));
}

/** Generates invalid JSON values of a schema: another type, length or format, or a lone surrogate. */
export function invalidValue(schema: Schema): fc.Arbitrary<unknown> {
  const isValid = ajv.compile(resolved(schema));
  const halves = fc.constantFrom("\ud800", `${MARKER}\udfff`, "\udc00\ud800");
  return fc.oneof(
    invalidText(schema),
    fc.jsonValue().filter((value) => !isValid(value)),
    halves,
  );
}

/** Generates invalid texts of a schema, including texts of numbers. */
export function invalidText(schema: Schema): fc.Arbitrary<string> {
  const { type, maxLength = 100 } = resolved(schema);
  const isValid = ajv.compile(resolved(schema));
  const texts = fc.oneof(
    fc.constantFrom("", " ", "\t", "*,", "null", "true", "0", "-1", "1.5", "1e2", "0x10", "9".repeat(400)),
    fc.constantFrom(MARKER, "W/", '"', `"${MARKER}`, "../..", "' OR 1=1 --", "${7*7}", "%s%n", "<script>"),
    fc.string({ unit: "binary", size: "medium" }),
    anyText(maxLength + 1, maxLength + 20),
  );
  return texts.filter((text) => !isValid(type === "integer" && /^\d+$/.test(text) ? Number(text) : text));
}

/** Generates names of unknown fields or parameters, including names of members of JavaScript objects. */
export function unknownName(known: readonly string[]): fc.Arbitrary<string> {
  return fc
    .oneof(
      fc.constantFrom("__proto__", "constructor", "toString", "", "a.b", "a/b", "~0", "version", "Status"),
      fc.constantFrom(MARKER, "subject ", "limit[]", "$where"),
      fc.string({ unit: "binary" }),
    )
    .filter((name) => !known.includes(name));
}

/** Generates text of any characters, often with the marker, sometimes of the maximum length. */
function anyText(minLength: number, maxLength = 50): fc.Arbitrary<string> {
  const short = fc.string({ unit: "binary", minLength, maxLength });
  const marked = fc.string({ unit: "grapheme", minLength, maxLength }).map((text) => {
    const length = [...text].length + MARKER.length;
    return length > maxLength ? text : MARKER + text;
  });
  const longest = fc.constantFrom("x", "é", "😀", "\u0000").map((letter) => letter.repeat(maxLength));
  return fc.oneof(
    { weight: 6, arbitrary: short },
    { weight: 6, arbitrary: marked },
    { weight: 1, arbitrary: longest },
  );
}
