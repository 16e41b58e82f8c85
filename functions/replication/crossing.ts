import { replicatedReservedIds } from "../shared/reserved-items";
import { printable } from "../../shared/printable";
import { isTicketId } from "../tickets/ticket-id";

/**
 * Returns whether an item may be written to the other region's table. The stream, apply, redrive and reconcile all use this
 * predicate. Tickets may cross, and so may the items of the source region's own heartbeat and lag probe. Every other item stays in its
 * region: a routing item, a drill lock or the other region's heartbeat that arrives by replication would be forged.
 * @param id hash key of the item.
 * @param source AWS code of the region that wrote the item.
 */
export function mayCross(id: string, source: string): boolean {
  return isTicketId(id) || isCrossingReserved(id, source);
}

/** Returns whether an item belongs to the heartbeat or the lag probe of its source region. */
export function isCrossingReserved(id: string, source: string): boolean {
  return replicatedReservedIds(source).includes(id);
}

/** Maximum length of a displayed key, in characters. */
const MAXIMUM_KEY = 64;

/** Returns why an item is rejected, safe to print. */
export function crossingProblem(id: string, source: string): string {
  return (
    `The item ${printable(id, MAXIMUM_KEY)} written in ${printable(source, MAXIMUM_KEY)} may not cross regions: ` +
    "only tickets and the source region's own heartbeat and lag probe may."
  );
}
