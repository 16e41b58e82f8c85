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

/** Routing item of a region, in the region's table. */
export interface RoutingTable {
  /**
   * Returns the item, read consistently; undefined before the first change.
   * @throws UnreadableItem if the stored item is malformed.
   */
  read(): Promise<RoutingItem | undefined>;
  /**
   * Writes the item if the stored revision is the previous one.
   * @returns false if another change came first; nothing is written then.
   */
  write(item: RoutingItem): Promise<boolean>;
  /**
   * Replaces a malformed item if it is still stored.
   * @returns false if another change came first; nothing is written then.
   */
  replace(item: RoutingItem, unreadable: UnreadableItem): Promise<boolean>;
}

/**
 * Returns the routing item of a region.
 * @param region AWS code.
 */
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

/** Returns the item in typed form. */
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

/** Maximum optimistic-lock retries. */
const MAXIMUM_ATTEMPTS = 10;

/**
 * Changes a region's takeover. If another change comes first, the decision is made again on the new state.
 * @param region AWS code.
 * @param decide returns the change for the stored state; undefined for no change.
 * @returns the stored item, and whether this call changed it.
 * @throws Error if other changes come first in every attempt.
 */
export async function changeRouting(
  table: RoutingTable,
  region: string,
  decide: (current: RoutingItem | undefined) => RoutingEvent | undefined,
): Promise<{ readonly item: RoutingItem | undefined; readonly changed: boolean }> {
  let tried: RoutingEvent | undefined;
  for (let attempt = 0; attempt < MAXIMUM_ATTEMPTS; attempt++) {
    const current = await table.read();
    // The SDK retries a write whose response was lost. The retry then finds the item of the first attempt.
    if (current?.events.some((event) => isSame(event, tried))) return { item: current, changed: true };
    const event = decide(current);
    if (!event) return { item: current, changed: false };
    const item = changedItem(region, current, event);
    if (await table.write(item)) return { item, changed: true };
    tried = item.events.at(-1);
  }
  throw new Error(
    `Other writers changed the routing item of ${region} during each of ${MAXIMUM_ATTEMPTS} attempts.`,
  );
}

/**
 * Replaces a malformed routing item by one with a single change.
 * @param region AWS code.
 * @returns whether the change was made; false if the stored item was changed in the meantime.
 */
export async function replaceRouting(
  table: RoutingTable,
  region: string,
  unreadable: UnreadableItem,
  event: RoutingEvent,
): Promise<boolean> {
  const item = { ...changedItem(region, undefined, event), revision: revisionAfter(unreadable, event) };
  if (await table.replace(item, unreadable)) return true;
  // The SDK retries a write whose response was lost. The retry then finds the item of the first attempt.
  const current = await table.read().catch((error: unknown) => {
    if (isUnreadable(error)) return undefined;
    throw error;
  });
  return current?.events.some((other) => isSame(other, item.events.at(-1))) ?? false;
}

/** Returns a revision above every one that a sentinel or an operator has read: those count changes, this one counts milliseconds. */
function revisionAfter({ stored }: UnreadableItem, { at }: RoutingEvent): number {
  const revision = wholeNumberOf(stored.revision) ?? 0;
  return Math.max(revision < MAXIMUM_REVISION ? revision : 0, Date.parse(at)) + 1;
}

function isSame(one: RoutingEvent, other: RoutingEvent | undefined): boolean {
  const { what, by, at, reason } = one;
  return what === other?.what && by === other.by && at === other.at && reason === other.reason;
}

/** Returns the takeover event; undefined if the region has already taken over. */
export function takeOver(
  current: RoutingItem | undefined,
  event: Omit<RoutingEvent, "what">,
): RoutingEvent | undefined {
  return current?.takeover ? undefined : { what: "takeover", ...event };
}

/**
 * Returns the failback event; undefined if there is no takeover, or another one than the gates were checked for.
 * @param revision of the takeover that ends.
 */
export function failBack(
  current: RoutingItem | undefined,
  revision: number,
  event: Omit<RoutingEvent, "what"> & { readonly what: "failback" | "forced failback" },
): RoutingEvent | undefined {
  return current?.takeover && revisionOf(current) === revision ? event : undefined;
}
