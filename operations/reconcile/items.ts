import { replicatedReservedIds, reservedIds } from "../../functions/shared/reserved-items";
import type { Image } from "../../functions/shared/image";
import { crossingProblem, mayCross } from "../../functions/replication/crossing";
import { isTooFarAhead, MAXIMUM_AHEAD_MS, parseVersion } from "../../functions/replication/version";
import { LISTING_ATTRIBUTES } from "../../functions/tickets/listing-attributes";
import { isTicketId } from "../../functions/tickets/ticket-id";
import { printable } from "../../shared/printable";
import type { Side } from "./side";

/** State of an item, as compared by reconcile. */
export type ItemState =
  | { readonly kind: "absent" }
  /** Written by a replicating region. */
  | { readonly kind: "versioned"; readonly version: string; readonly expired: boolean }
  /** Without replication attributes, as in a table that existed before replication. */
  | { readonly kind: "plain" }
  /** Without a usable version. */
  | { readonly kind: "malformed"; readonly reason: string };

/** Attributes that determine the state of an item, and its listing attributes. */
export const STATE_ATTRIBUTES = [
  "id",
  "version",
  "origin",
  "deleted",
  "expiresAt",
  "status",
  "createdAt",
  "assignee",
  ...LISTING_ATTRIBUTES,
] as const;

/** Returns the state of an item. @param now milliseconds since 1970. */
export function stateOf(image: Image | undefined, now: number): ItemState {
  if (!image) return { kind: "absent" };
  if (image.version === undefined && image.origin === undefined) return { kind: "plain" };
  const text = image.version?.S;
  const version = parseVersion(text);
  if (text === undefined || !version) return { kind: "malformed", reason: "it has no valid version" };
  if (image.origin?.S !== version.region)
    return { kind: "malformed", reason: "its version names another region than its origin" };
  if (isTooFarAhead(version, now)) return { kind: "malformed", reason: TOO_FAR_AHEAD };
  const expired = image.deleted?.BOOL === true && Number(image.expiresAt?.N) * 1000 <= now;
  return { kind: "versioned", version: text, expired };
}

const TOO_FAR_AHEAD = `its version is more than ${MAXIMUM_AHEAD_MS / 60_000} minutes ahead of this machine's clock`;

/**
 * Returns whether two items need no repair. An expired tombstone equals an absent item, because TTL deletes it at different
 * times in each region. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
export function areEqual(left: ItemState, right: ItemState): boolean {
  if (left.kind === "versioned" && right.kind === "versioned") return left.version === right.version;
  return isGone(left) && isGone(right);
}

function isGone(state: ItemState): boolean {
  return state.kind === "absent" || (state.kind === "versioned" && state.expired);
}

/** Items of a page, separated by whether they are compared. */
export interface ClassifiedItems {
  /** Items that must be equal in both tables. */
  readonly shared: readonly Image[];
  /** One line per item that the application did not write and that may not cross regions. */
  readonly rejected: readonly string[];
}

/**
 * Separates the items of a side by the rule of which items may cross regions. Reserved items of the region, and the replicated
 * heartbeat and lag probe, are neither compared nor rejected: a heartbeat copied by reconcile would hide that replication has
 * stopped.
 */
export function classifyItems(
  images: readonly Image[],
  { name, code: own }: Pick<Side, "name" | "code">,
  { code: other }: Pick<Side, "code">,
): ClassifiedItems {
  const local = new Set(reservedIds(own));
  const replicated = new Set([...replicatedReservedIds(own), ...replicatedReservedIds(other)]);
  const shared: Image[] = [];
  const rejected: string[] = [];
  for (const image of images) {
    const [id, origin] = [image.id?.S ?? "", image.origin?.S];
    if (isTicketId(id)) shared.push(image);
    else if (replicated.has(id) && mayCross(id, origin ?? "")) continue;
    else if (local.has(id) && image.origin === undefined) continue;
    else if (local.has(id) || replicated.has(id))
      rejected.push(`${id} in ${name}: the application never writes it with the origin ${text(origin)}.`);
    else rejected.push(`In ${name}: ${crossingProblem(id, origin ?? "an unknown region")}`);
  }
  return { shared, rejected };
}

function text(origin: string | undefined): string {
  return origin === undefined ? "none" : printable(JSON.stringify(origin), 64);
}
