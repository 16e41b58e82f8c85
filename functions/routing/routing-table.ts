import {
  DocumentDatabase,
  isUnreadable,
  readStored,
  UnreadableItem,
  wholeNumberOf,
} from "../shared/stored-item";
import type { Image } from "../shared/image";
import { routingId } from "../shared/reserved-items";
import {
  changedItem,
  MAXIMUM_REVISION,
  RoutingEvent,
  RoutingItem,
  revisionOf,
  readRoutingItem,
} from "./routing-item";
import { isWritten } from "../shared/conditional-write";

/** A region's routing item in its table. */
export interface RoutingTable {
  /**
   * Read consistently; undefined before the first change.
   * @throws UnreadableItem when what is stored is no routing item.
   */
  read(): Promise<RoutingItem | undefined>;
  /**
   * Writes the item if its stored revision still is the one before.
   * @returns false when another change came first; nothing is written then.
   */
  write(item: RoutingItem): Promise<boolean>;
  /**
   * Writes the item over an unreadable one, if that is still stored.
   * @returns false when another change came first; nothing is written then.
   */
  replace(item: RoutingItem, unreadable: UnreadableItem): Promise<boolean>;
}

/** The routing item of a region. @param region AWS code. */
export function routingTable(database: DocumentDatabase, TableName: string, region: string): RoutingTable {
  const { commands, raw, client } = database;
  return {
    async read() {
      const stored = await readStored(database, TableName, routingId(region));
      return stored && readRoutingItem(stored);
    },
    async replace(item, { stored: { revision } }) {
      const condition =
        revision === undefined
          ? { ConditionExpression: "attribute_exists(id) AND attribute_not_exists(revision)" }
          : {
              ConditionExpression: "revision = :before",
              ExpressionAttributeValues: { ":before": revision },
            };
      return isWritten(client.send(new raw.PutItemCommand({ TableName, Item: imageOf(item), ...condition })));
    },
    async write(Item) {
      const condition = {
        ConditionExpression: "attribute_not_exists(id) OR revision = :before",
        ExpressionAttributeValues: { ":before": Item.revision - 1 },
      };
      return isWritten(client.send(new commands.PutCommand({ TableName, Item, ...condition })));
    },
  };
}

/** The item in typed form. */
function imageOf({ id, revision, takeover, events, ...last }: RoutingItem): Image {
  const texts = (of: Readonly<Record<string, string>>): Image =>
    Object.fromEntries(Object.entries(of).map(([name, S]) => [name, { S }]));
  return {
    ...texts({ id, ...last }),
    revision: { N: String(revision) },
    takeover: { BOOL: takeover },
    events: { L: events.map((event) => ({ M: texts({ ...event }) })) },
  };
}

/** Changes that another one comes before are judged anew so often. */
const MAXIMUM_ATTEMPTS = 10;

/**
 * Changes a region's takeover, so that of two changes at the same time neither is lost: the second is judged anew.
 * @param region AWS code.
 * @param judge says which change it is, seeing what is stored; undefined for none.
 * @returns what is stored now, and whether this call changed it.
 * @throws Error when other changes come first again and again.
 */
export async function changeRouting(
  table: RoutingTable,
  region: string,
  judge: (current: RoutingItem | undefined) => RoutingEvent | undefined,
): Promise<{ readonly item: RoutingItem | undefined; readonly changed: boolean }> {
  let tried: RoutingEvent | undefined;
  for (let attempt = 0; attempt < MAXIMUM_ATTEMPTS; attempt++) {
    const current = await table.read();
    // The SDK repeats a write whose answer was lost, and the repetition meets what the first one wrote.
    if (current?.events.some((event) => isSame(event, tried))) return { item: current, changed: true };
    const event = judge(current);
    if (!event) return { item: current, changed: false };
    const item = changedItem(region, current, event);
    if (await table.write(item)) return { item, changed: true };
    tried = item.events.at(-1);
  }
  throw new Error(`The routing item of ${region} was changed by others ${MAXIMUM_ATTEMPTS} times in a row.`);
}

/**
 * Replaces an unreadable routing item by one with a single change.
 * @param region AWS code.
 * @returns whether the change was made; false when what is stored was changed meanwhile.
 */
export async function replaceRouting(
  table: RoutingTable,
  region: string,
  unreadable: UnreadableItem,
  event: RoutingEvent,
): Promise<boolean> {
  const item = { ...changedItem(region, undefined, event), revision: revisionAfter(unreadable, event) };
  if (await table.replace(item, unreadable)) return true;
  // The SDK repeats a write whose answer was lost, and the repetition meets what the first one wrote.
  const current = await table.read().catch((error: unknown) => {
    if (isUnreadable(error)) return undefined;
    throw error;
  });
  return current?.events.some((other) => isSame(other, item.events.at(-1))) ?? false;
}

/** Above every revision that a sentinel or an operator has seen: those count changes, and this one counts milliseconds. */
function revisionAfter({ stored }: UnreadableItem, { at }: RoutingEvent): number {
  const revision = wholeNumberOf(stored.revision) ?? 0;
  return Math.max(revision < MAXIMUM_REVISION ? revision : 0, Date.parse(at)) + 1;
}

function isSame(one: RoutingEvent, other: RoutingEvent | undefined): boolean {
  const { what, by, at, reason } = one;
  return what === other?.what && by === other.by && at === other.at && reason === other.reason;
}

/** The change to taking over; none when that has been done. */
export function takeOver(
  current: RoutingItem | undefined,
  event: Omit<RoutingEvent, "what">,
): RoutingEvent | undefined {
  return current?.takeover ? undefined : { what: "takeover", ...event };
}

/**
 * The change back; none when nothing was taken over, or it is not the takeover any more that the gates were checked for.
 * @param revision of the takeover that is to end.
 */
export function failBack(
  current: RoutingItem | undefined,
  revision: number,
  event: Omit<RoutingEvent, "what"> & { readonly what: "failback" | "forced failback" },
): RoutingEvent | undefined {
  return current?.takeover && revisionOf(current) === revision ? event : undefined;
}
