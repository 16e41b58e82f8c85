import type { DynamoDBRecord } from "aws-lambda";
import { areEqualImages } from "../../functions/replication/content";
import type { Image } from "../../functions/shared/image";
import { isPermanent } from "../../functions/replication/failure";
import { parseVersion } from "../../functions/replication/version";
import { reasonOf } from "../../command-line/command-error";
import { areEqual, stateOf, type ItemState } from "../reconcile/items";

/** Reader of the table of a region. */
export interface ItemReader {
  /** Region alias. */
  readonly name: string;
  /** Reads a whole item consistently. */
  get(id: string): Promise<Image | undefined>;
}

/** Whether a record that cannot be applied is still needed, and why. */
export interface Settlement {
  /** `settled`: not needed any more. `open`: may be needed. `unknown`: a table could not be read. */
  readonly kind: "settled" | "open" | "unknown";
  /** Reason, and for an open record what the operator can do. */
  readonly reason: string;
}

const IF_MEANT = "To remove the record, use --discard.";

/**
 * Checks whether a record that cannot be applied is settled: both regions have the same version of its item, and that version
 * is not older than the record. The region of the record has then overwritten the item or applied a newer write, and a
 * losing version of a conflict was recorded at that time.
 *
 * If neither region has the item, only a record without an item is settled. Otherwise the table may have been restored to a
 * time before the record, and the record is the last copy of that write.
 * @param now milliseconds since 1970.
 */
export async function findSettlement(
  record: DynamoDBRecord,
  tables: readonly [ItemReader, ItemReader],
  now: number,
): Promise<Settlement> {
  const id = idIn(record);
  if (!id) return open(`It has no readable item key. ${IF_MEANT}`);
  try {
    const items = await Promise.all(tables.map((table) => readItem(table, id, now)));
    return compare(record, items as [Item, Item], now);
  } catch (error) {
    // A later run cannot read it either, so the operator must be able to discard the record.
    if (isPermanent(error)) return open(`Its item cannot be read (${reasonOf(error)}). ${IF_MEANT}`);
    return {
      kind: "unknown",
      reason: `Whether it is settled is unknown (${reasonOf(error)}). Run this command again.`,
    };
  }
}

/** Returns the key of a record's item; undefined if it is not a string. */
export function idIn({ dynamodb }: DynamoDBRecord): string | undefined {
  return dynamodb?.Keys?.id?.S ?? dynamodb?.NewImage?.id?.S;
}

/** Current item of a region. */
interface Item {
  readonly name: string;
  readonly image: Image | undefined;
  readonly state: ItemState;
}

async function readItem({ name, get }: ItemReader, id: string, now: number): Promise<Item> {
  const image = await get(id);
  return { name, image, state: stateOf(image, now) };
}

function compare(record: DynamoDBRecord, items: readonly [Item, Item], now: number): Settlement {
  const [left, right] = items;
  const { state, image } = left;
  if (state.kind === "versioned" && right.state.kind === "versioned") {
    const { version } = state;
    if (version !== right.state.version)
      return open(`${describe(items)}. Run npm run reconcile, then run this command again.`);
    const both = `both regions have version ${version}`;
    if (!areEqualImages(image as Image, right.image as Image))
      return open(`${capitalize(both)}, but different content. Run npm run reconcile -- --deep.`);
    if (version < (readableVersion(record) ?? ""))
      return open(`${capitalize(both)}, which is older than the record. ${IF_MEANT}`);
    return { kind: "settled", reason: `${both} now` };
  }
  if (areEqual(state, right.state)) {
    if (containsNoItem(record, now))
      return { kind: "settled", reason: "neither region has the item, and the record contains none" };
    return open(`Neither region has the item. ${IF_MEANT}`);
  }
  const isBroken = items.some((item) => item.state.kind === "plain" || item.state.kind === "malformed");
  const remedy = isBroken ? "Fix the item" : "Run npm run reconcile";
  return open(`${describe(items)}. ${remedy}, then run this command again.`);
}

function open(reason: string): Settlement {
  return { kind: "open", reason };
}

/** Returns the version of the new image; undefined if it is not a valid version. */
export function readableVersion({ dynamodb }: DynamoDBRecord): string | undefined {
  const text = dynamodb?.NewImage?.version?.S;
  return parseVersion(text) && text;
}

/** Returns whether a record is a removal or an expired tombstone: the item stays deleted, whether the record is applied or not. */
function containsNoItem({ dynamodb }: DynamoDBRecord, now: number): boolean {
  const image = dynamodb?.NewImage;
  return !image || (image.deleted?.BOOL === true && Number(image.expiresAt?.N) * 1000 <= now);
}

function describe(items: readonly Item[]): string {
  return capitalize(
    items.map(({ name, state }) => `${name} has ${DESCRIPTIONS[state.kind](state as never)}`).join(", "),
  );
}

const DESCRIPTIONS: {
  readonly [K in ItemState["kind"]]: (state: Extract<ItemState, { kind: K }>) => string;
} = {
  absent: () => "no such item",
  versioned: ({ version }) => `version ${version}`,
  plain: () => "an item without a version",
  malformed: ({ reason }) => `an item that cannot be compared (${reason})`,
};

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
