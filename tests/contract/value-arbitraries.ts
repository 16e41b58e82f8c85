import { Ajv2020 } from "ajv/dist/2020";
import fc from "fast-check";
import { Schema, SCHEMAS } from "../../functions/openapi/document";

/** Stands in whatever a client may write, so that it can be looked for where it must not be. */
export const MARKER = "Zq7MarkOfAClient";

const ajv = new Ajv2020({ strict: false });

/** The schema that a reference of the document is to, or the schema itself. */
export function resolved({ $ref, ...own }: Schema): Schema {
  return $ref ? { ...own, ...SCHEMAS[$ref.replace("#/components/schemas/", "")] } : own;
}

/** Values that a schema of the document takes. */
export function validValue(schema: Schema): fc.Arbitrary<unknown> {
  const { type, enum: allowed, pattern, minimum, maximum, minLength = 0, maxLength } = resolved(schema);
  if (allowed) return fc.constantFrom(...allowed);
  if (type === "integer") return fc.integer({ min: minimum, max: maximum });
  // A pattern without anchors only asks for something somewhere, which text of any kind mostly has.
  const isWhole = pattern?.startsWith("^");
  const texts = isWhole ? fc.stringMatching(new RegExp(String(pattern))) : anyText(minLength, maxLength);
  const isValid = ajv.compile(resolved(schema));
  return texts.filter((text) => isValid(text)).map(isVersion(schema) ? ofThePast : (text) => text);
}

function isVersion(schema: Schema): boolean {
  return resolved(schema).pattern === SCHEMAS.Version.pattern;
}

/** A version of before 2002: what a ticket's conflicts lost to is older than the ticket's own, which no schema can say. */
function ofThePast(version: string): string {
  return version.replace(/^\d{3}/, "000");
}

/** Objects that a schema of the document takes, with any of the fields that it does not require. */
export function validObject(schema: Schema): fc.Arbitrary<Record<string, unknown>> {
  const { properties = {}, required = [], minProperties = 0 } = resolved(schema);
  const values = Object.entries(properties).map(([name, property]) => [name, validValue(property)]);
  const fields = Object.fromEntries(values) as Record<string, fc.Arbitrary<unknown>>;
  return fc
    .record(fields, { requiredKeys: [...required], noNullPrototype: true })
    .filter((object) => Object.keys(object).length >= Number(minProperties));
}

/** JSON that a schema does not take: of another type, too long, too short, of another form, or half a character. */
export function invalidValue(schema: Schema): fc.Arbitrary<unknown> {
  const isValid = ajv.compile(resolved(schema));
  const halves = fc.constantFrom("\ud800", `${MARKER}\udfff`, "\udc00\ud800");
  return fc.oneof(
    invalidText(schema),
    fc.jsonValue().filter((value) => !isValid(value)),
    halves,
  );
}

/** Texts that a schema does not take, also those that stand for a number. */
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

/** Names that are not among those of an object or a query, also some that JavaScript knows. */
export function unknownName(known: readonly string[]): fc.Arbitrary<string> {
  return fc
    .oneof(
      fc.constantFrom("__proto__", "constructor", "toString", "", "a.b", "a/b", "~0", "version", "Status"),
      fc.constantFrom(MARKER, "subject ", "limit[]", "$where"),
      fc.string({ unit: "binary" }),
    )
    .filter((name) => !known.includes(name));
}

/** Text of any characters, often with the marker in it, sometimes as long as it may be. */
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
