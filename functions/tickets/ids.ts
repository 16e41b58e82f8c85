import { invalidRequest } from "../problem";

/** A ULID as the API writes it: 26 characters of Crockford's base 32, the first at most 7. https://github.com/ulid/spec */
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** Whether a text is a ticket id. */
export function isTicketId(value: unknown): value is string {
  return typeof value === "string" && ULID.test(value);
}

/**
 * The ticket id of a request's path.
 * @throws Problem 400 when it is not one.
 */
export function ticketId(pathParameters: Readonly<Record<string, string | undefined>>): string {
  const id = pathParameters.id;
  if (isTicketId(id)) return id;
  throw invalidRequest([
    { field: "id", detail: "Must be a ticket id: a ULID, 26 characters such as 01JD9Z3N8Q4T6V8X0Y2A4C6E8G." },
  ]);
}
