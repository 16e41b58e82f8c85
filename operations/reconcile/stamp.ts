import { areEqualImages } from "../../functions/replication/content";
import type { Image } from "../../functions/shared/image";
import { formatVersion } from "../../functions/replication/version";
import { LISTING_ATTRIBUTES, listingAttributesOf } from "../../functions/tickets/listing-attributes";
import { ListingAttributes } from "../../functions/tickets/ticket";
import { stateOf } from "./items";
import type { PageOptions, Side, Stamp } from "./side";

/**
 * Adds a first version to an item of a table that existed before replication, and to the item with the same id in the other
 * table: without a version there, replication would quarantine the record of the first item.
 * @returns the number of stamped items.
 */
export async function stampItem(id: string, options: PageOptions): Promise<number> {
  const { own, other } = options;
  const now = options.now();
  const [here, there] = await Promise.all([own.table.get(id), other.table.get(id)]);
  if (!here || stateOf(here, now).kind !== "plain") return 0;
  let stamped = 0;
  if (there && stateOf(there, now).kind === "plain")
    stamped += Number(await other.table.stamp(id, stampFor(there, here, other, options, now)));
  return stamped + Number(await own.table.stamp(id, stampFor(here, there, own, options, now)));
}

/**
 * Returns whether a ticket lacks a listing attribute, or has an outdated shard: an older ticket, one that an older version of the program
 * edited, which keeps attributes that it does not know, or one written manually.
 */
export function lacksListing(image: Image): boolean {
  const listing = listingOf(image);
  if (!listing) return false;
  const { statusShard, assigneeShard } = listing;
  return (
    LISTING_ATTRIBUTES.some((name) => image[name] === undefined) ||
    image.statusShard?.S !== statusShard ||
    image.assigneeShard?.S !== assigneeShard
  );
}

/**
 * Adds listing attributes to a ticket with a version, in both tables. They are derived from the ticket, so the version does
 * not change.
 * @returns the number of changed items; in a dry run, the number of items of this table that would change.
 */
export async function listItem(id: string, { own, other, dryRun, now }: PageOptions): Promise<number> {
  let listed = 0;
  for (const side of dryRun ? [own] : [own, other]) {
    const image = await side.table.get(id);
    const state = stateOf(image, now());
    const listing = image && lacksListing(image) ? listingOf(image) : undefined;
    if (state.kind !== "versioned" || !listing) continue;
    listed += Number(dryRun || (await side.table.list(id, state.version, listing)));
  }
  return listed;
}

function listingOf({ id, createdAt, status, assignee }: Image): ListingAttributes | undefined {
  return listingAttributesOf({
    id: id?.S,
    createdAt: createdAt?.S,
    status: status?.S,
    assignee: assignee?.S,
  });
}

/**
 * Returns the attributes for an item. Equal items in both tables, as after a copy, get the same version, so that they are not a
 * conflict. Other items get a version of their own region at their creation time.
 */
function stampFor(
  item: Image,
  counterpart: Image | undefined,
  side: Side,
  options: PageOptions,
  now: number,
): Stamp {
  const { own, other, first } = options;
  const milliseconds = createdAt(item, now);
  const listing = listingOf(item);
  const written = (region: string): Stamp => ({
    version: formatVersion({ milliseconds, counter: 0, region }),
    origin: region,
    seen: {},
    listing,
  });
  if (!counterpart || !areEqualImages(withoutStamp(item), withoutStamp(counterpart)))
    return written(side.code);
  const state = stateOf(counterpart, now);
  if (state.kind === "versioned")
    return {
      version: state.version,
      origin: counterpart.origin.S as string,
      seen: seenOf(counterpart),
      listing,
    };
  return written(own.name === first ? own.code : other.code);
}

function createdAt({ createdAt }: Image, now: number): number {
  const time = Date.parse(createdAt?.S ?? "");
  return time >= 0 ? Math.min(time, now) : now;
}

function withoutStamp(image: Image): Image {
  const rest = { ...image };
  for (const name of ["version", "origin", "seen", ...LISTING_ATTRIBUTES]) delete rest[name];
  return rest;
}

function seenOf({ seen }: Image): Record<string, string> {
  return Object.fromEntries(Object.entries(seen?.M ?? {}).map(([region, { S }]) => [region, S ?? ""]));
}
