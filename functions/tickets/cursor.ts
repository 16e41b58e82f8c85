import { invalidRequest } from "../problem";

/** The opaque cursor of the page that follows a position in a list. */
export function cursorAfter(position: object): string {
  return Buffer.from(JSON.stringify({ after: position })).toString("base64url");
}

/**
 * The position that a cursor was made from.
 * @param isPosition whether a value, so far only known to be JSON, is a position in this list.
 * @throws Problem 400 when the cursor was not made by `cursorAfter`, or for another list.
 */
export function positionOfCursor<T extends object>(
  cursor: string,
  isPosition: (value: Partial<Record<keyof T, unknown>>) => boolean,
): T {
  try {
    const { after } = JSON.parse(Buffer.from(cursor, "base64url").toString()) as { after?: T };
    if (typeof after === "object" && after && isPosition(after) && cursorAfter(after) === cursor)
      return after;
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
