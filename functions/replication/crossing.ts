import { replicatedReservedIds } from "../shared/reserved-items";
import { printable } from "../../shared/printable";
import { isTicketId } from "../tickets/ticket-id";

/**
 * Whether an item may be written to the other region's table: the one rule for the stream, apply, redrive and reconcile.
 * Tickets may, and the source's own heartbeat and lag probe. Every other item belongs to the region that holds it: a routing
 * item, a drill lock or the other region's heartbeat that arrived by replication would be a forged one.
 * @param id the item's hash key.
 * @param source AWS code of the region that wrote the item.
 */
export function mayCross(id: string, source: string): boolean {
  return isTicketId(id) || isCrossingReserved(id, source);
}

/** Whether an item is the heartbeat or the lag probe of its source region. */
export function isCrossingReserved(id: string, source: string): boolean {
  return replicatedReservedIds(source).includes(id);
}

/** The longest part of a key that is shown, in characters. */
const MAXIMUM_KEY = 64;

/** States why an item is rejected; safe to print. */
export function crossingProblem(id: string, source: string): string {
  return (
    `An item under the key ${printable(id, MAXIMUM_KEY)} written in ${printable(source, MAXIMUM_KEY)} may not cross regions: ` +
    "only tickets and the source region's own heartbeat and lag probe do."
  );
}
