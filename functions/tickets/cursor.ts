import { isTicketId } from "./ids";
import { invalidRequest } from "../problem";

/** The opaque cursor of the page that follows a ticket. */
export function cursorAfter(id: string): string {
  return Buffer.from(JSON.stringify({ after: id })).toString("base64url");
}

/**
 * The id of the last ticket of the page before.
 * @throws Problem 400 when the cursor was not made by `cursorAfter`.
 */
export function idOfCursor(cursor: string): string {
  try {
    const { after } = JSON.parse(Buffer.from(cursor, "base64url").toString()) as { after?: unknown };
    if (isTicketId(after) && cursorAfter(after) === cursor) return after;
  } catch {
    // Not JSON: the same answer as any other text that is not a cursor.
  }
  throw invalidRequest([
    {
      field: "cursor",
      detail: "Must be the cursor of an earlier answer, unchanged; leave it out for the first page.",
    },
  ]);
}
