import type { ConflictEntry } from "../replication/conflict-entry";

/*
 * Clients treat cursors as opaque. The OpenAPI document states the format of each cursor as a pattern (`TicketCursor`,
 * `ConflictCursor`). The request check rejects all other text, so every cursor here is a position in a list.
 */

const TICKETS = "tickets.";
const CONFLICTS = "conflicts.";

/** Maximum length of a sort key in a cursor. The sort key of a ticket is shorter (51 characters), so no ticket is skipped. */
const SORT_KEY_CHARACTERS = 60;

/** Returns the cursor of the page after a sort key. The sort key of a malformed item can be any text. */
export function ticketCursor(listSortKey: string): string {
  return TICKETS + Buffer.from(shortened(listSortKey)).toString("base64url");
}

/**
 * Returns the sort key after which the page of a cursor begins; never empty.
 * @param cursor in the format of `TicketCursor`.
 */
export function sortKeyOf(cursor: string): string {
  return shortened(Buffer.from(cursor.slice(TICKETS.length), "base64url").toString());
}

/** Returns the cursor of the page after a conflict. */
export function conflictCursor({ id, losingVersion }: Pick<ConflictEntry, "id" | "losingVersion">): string {
  return `${CONFLICTS}${id}.${losingVersion}`;
}

/**
 * Returns the conflict after which the page of a cursor begins.
 * @param cursor in the format of `ConflictCursor`.
 */
export function conflictOf(cursor: string): Pick<ConflictEntry, "id" | "losingVersion"> {
  const [id, losingVersion] = cursor.slice(CONFLICTS.length).split(".");
  return { id, losingVersion };
}

function shortened(listSortKey: string): string {
  return [...listSortKey].slice(0, SORT_KEY_CHARACTERS).join("");
}
