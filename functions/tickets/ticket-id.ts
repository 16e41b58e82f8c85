import { SCHEMAS } from "../openapi/document";

/** ULID: 26 upper-case characters of Crockford's base 32, the first at most 7. https://github.com/ulid/spec */
const ULID = new RegExp(String(SCHEMAS.TicketId.pattern));

/** Whether a value is a ticket id. */
export function isTicketId(value: unknown): value is string {
  return typeof value === "string" && ULID.test(value);
}
