import { crossingProblem, crossingReservedIds, mayCross } from "../../functions/replication/crossing";
import type { Image } from "../../functions/replication/stream-record";
import { printable } from "../../shared/printable";
import { isTicketId } from "../../functions/tickets/ticket-id";
import { reservedIds } from "../reserved-ids";
import type { Side } from "./side";

/** The items of a page, by whether they are compared. */
export interface ClassifiedItems {
  /** What both tables must hold alike. */
  readonly shared: readonly Image[];
  /** What no part of the application has written there, a line each, and what may not be brought to the other region. */
  readonly rejected: readonly string[];
}

/**
 * Sorts out the items of a side by the rule of what may cross regions. A region's own reserved items, and the heartbeat and
 * lag probe that replication brought, are neither compared nor rejected: a heartbeat that came any other way would hide
 * that replication stands still.
 */
export function classifyItems(
  images: readonly Image[],
  { name, code: own }: Pick<Side, "name" | "code">,
  { code: other }: Pick<Side, "code">,
): ClassifiedItems {
  const local = new Set(reservedIds(own));
  const brought = new Set([...crossingReservedIds(own), ...crossingReservedIds(other)]);
  const shared: Image[] = [];
  const rejected: string[] = [];
  for (const image of images) {
    const [id, origin] = [image.id?.S ?? "", image.origin?.S];
    if (isTicketId(id)) shared.push(image);
    else if (brought.has(id) && mayCross(id, origin ?? "")) continue;
    else if (local.has(id) && image.origin === undefined) continue;
    else if (local.has(id) || brought.has(id))
      rejected.push(`${id} in ${name}: the application never writes it with the origin ${text(origin)}.`);
    else rejected.push(`In ${name}: ${crossingProblem(id, origin ?? "an unknown region")}`);
  }
  return { shared, rejected };
}

function text(origin: string | undefined): string {
  return origin === undefined ? "none" : printable(JSON.stringify(origin), 64);
}
