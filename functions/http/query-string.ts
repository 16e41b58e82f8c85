import { FieldError } from "./problem";

/** Decoded query parameters, and an error for each one that cannot be used. */
export interface QueryString {
  readonly parameters: Record<string, string>;
  readonly errors: readonly FieldError[];
}

/**
 * Parses the query string as the client sent it, by the rules of a browser's form and `URLSearchParams`: `+` is a space, `name=` and
 * `name` are an empty value, and empty parts are skipped. https://url.spec.whatwg.org/#urlencoded-parsing
 *
 * The event also has the decoded `queryStringParameters`. AWS does not document how they treat `+` and empty values, and they join
 * the values of a repeated parameter with commas, which would look like one value. `rawQueryString` has none of these questions.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 *
 * Two things that `URLSearchParams` accepts are errors: a repeated parameter, and text that is not percent-encoded UTF-8, in place of
 * which it writes other characters.
 */
export function parseQueryString(rawQueryString: string): QueryString {
  const parameters = new Map<string, string>();
  const errors: FieldError[] = [];
  for (const part of rawQueryString.split("&").filter((text) => text !== "")) {
    const [rawName] = part.split("=", 1);
    const name = decoded(rawName);
    const value = decoded(part.slice(rawName.length + 1));
    if (name === undefined || value === undefined)
      errors.push({ field: name ?? rawName, detail: "Must be percent-encoded UTF-8." });
    else if (parameters.has(name)) errors.push({ field: name, detail: "Must not be repeated." });
    else parameters.set(name, value);
  }
  return { parameters: Object.fromEntries(parameters), errors };
}

/** Decodes a name or a value; returns undefined if it is not percent-encoded UTF-8. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}
