import type { ConflictEntry } from "../replication/conflict-entry";

/*
 * Clients treat cursors as opaque. Their forms are regular, so that the API's document can state each as a pattern: the check of
 * requests refuses any other text, and what has the form is a position in the list. See `TicketCursor` and `ConflictCursor` there.
 */

const TICKETS = "tickets.";
const CONFLICTS = "conflicts.";

/** More characters of a sort key than a ticket's has: what follows them makes no difference between tickets. */
const SORT_KEY_CHARACTERS = 60;

/** The cursor of the page that begins behind a ticket, or behind a malformed item, whose sort key may be any text. */
export function ticketCursor(listSortKey: string): string {
  return TICKETS + Buffer.from(shortened(listSortKey)).toString("base64url");
}

/**
 * The sort key behind which the page of a cursor begins; never empty.
 * @param cursor that has the form of `TicketCursor`.
 */
export function sortKeyOf(cursor: string): string {
  return shortened(Buffer.from(cursor.slice(TICKETS.length), "base64url").toString());
}

/** The cursor of the page that begins behind a conflict. */
export function conflictCursor({ id, losingVersion }: Pick<ConflictEntry, "id" | "losingVersion">): string {
  return `${CONFLICTS}${id}.${losingVersion}`;
}

/**
 * The conflict behind which the page of a cursor begins.
 * @param cursor that has the form of `ConflictCursor`.
 */
export function conflictOf(cursor: string): Pick<ConflictEntry, "id" | "losingVersion"> {
  const [id, losingVersion] = cursor.slice(CONFLICTS.length).split(".");
  return { id, losingVersion };
}

function shortened(listSortKey: string): string {
  return [...listSortKey].slice(0, SORT_KEY_CHARACTERS).join("");
}
