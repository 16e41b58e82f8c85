import type { Image } from "../shared/image";
import { isListSortKey } from "./listing-attributes";
import type { Malformed } from "./malformed-items";
import { foundItem } from "./stored-ticket";
import { isLive, isMalformed, type TicketItem } from "./ticket";
import { isTicketId } from "./ticket-id";

/**
 * Returns the ticket of an item in a list; undefined for every other item. A sort key with the id of another ticket is malformed: if two
 * tickets had the same sort key, a page that ends there would lose the second.
 * @param malformed receives the item if it has a ticket id and is malformed.
 */
export function listedTicket(image: Image, malformed: Malformed[]): TicketItem | undefined {
  const found = foundItem(image);
  if (!isTicketId(found.id)) return undefined;
  if (isMalformed(found)) malformed.push(found);
  if (!isLive(found)) return undefined;
  const { id, listSortKey } = found;
  if (isListSortKey(listSortKey) && listSortKey.endsWith(`#${id}`)) return found;
  malformed.push({ id, faults: ["listSortKey must be the sort key of this ticket."] });
  return undefined;
}
