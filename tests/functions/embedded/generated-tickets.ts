import { createRequire } from "node:module";
import type { KeyRange, Level } from "../../../local/aws/dynamodb/level";
import type { Json, Item } from "../../../local/aws/dynamodb/item";
import {
  ALL_SHARDS,
  ASSIGNEE_SHARD_INDEX,
  shardOf,
  STATUS_SHARD_INDEX,
} from "../../../functions/tickets/list-indexes";
import type { TicketItem } from "../../../functions/tickets/ticket";
import { STATUSES } from "../../../functions/tickets/ticket-attributes";
import { toImage } from "../../../testing/attribute-values";
import { NOW, ticketItem } from "../../../testing/tickets";
import { TABLE_NAME } from "./embedded-table";

const AGENTS = 10;
const GENERATED_ID = /^01JD9Z3N8Q(\d{14})\d\d$/;
/** Number of tickets after which statuses, assignees and shards repeat. */
const PERIOD = STATUSES.length * AGENTS * ALL_SHARDS.length;

/** Returns a ticket id that sorts by its number. Its last two characters make its shard repeat. */
function generatedId(number: number): string {
  const shard = Math.floor(number / (STATUSES.length * AGENTS)) % ALL_SHARDS.length;
  const start = `01JD9Z3N8Q${String(number).padStart(14, "0")}`;
  for (let last = 0; ; last++) {
    const id = start + String(last).padStart(2, "0");
    if (shardOf(id) === shard) return id;
  }
}

/** Returns the ticket with a number: one per millisecond, with all statuses, nine assignees and unassigned. */
export function generatedTicket(number: number): TicketItem {
  const agent = number % AGENTS;
  return ticketItem({
    id: generatedId(number),
    createdAt: new Date(NOW + number).toISOString(),
    status: STATUSES[number % STATUSES.length],
    assignee: agent === 0 ? "" : `agent-${agent}`,
  });
}

/** Entries of an index with one hash key: the tickets at some places of every period. */
interface Partition {
  /** Prefix of the database keys of its entries. */
  readonly prefix: string;
  readonly index: string;
  readonly places: readonly number[];
}

const HASH_KEYS = { [STATUS_SHARD_INDEX]: "statusShard", [ASSIGNEE_SHARD_INDEX]: "assigneeShard" } as const;
type Index = keyof typeof HASH_KEYS;

// Only the keys of index entries are used.
const dynalite = createRequire(__filename)("dynalite/db") as {
  createIndexKey(item: Item, table: Json, keySchema: readonly Json[]): string;
};

/**
 * Lets a database return generated tickets from the indexes of its table, without storing them. Creates an entry when it is read
 * and finds a range by binary search.
 * @returns live counter of the entries that were read.
 */
export async function generateTickets(
  level: Level,
  table: Json,
  count: number,
): Promise<{ readonly entries: number }> {
  const read = { entries: 0 };
  const keyOf = (index: string, number: number): string => {
    const keySchema = ["HASH", "RANGE"].map((KeyType, at) => ({
      AttributeName: at === 0 ? HASH_KEYS[index as Index] : "listSortKey",
      KeyType,
    }));
    const key = dynalite.createIndexKey(keysOf(index, generatedTicket(number)), table, keySchema);
    return `index-global~${TABLE_NAME}~${index}~${key}`;
  };
  const partitionsOf = (index: Index): Partition[] => {
    const places = new Map<string, number[]>();
    for (let place = 0; place < PERIOD; place++) {
      const hash = generatedTicket(place)[HASH_KEYS[index]];
      places.set(hash, [...(places.get(hash) ?? []), place]);
    }
    return [...places.values()].map((ofHash) => {
      const parts = keyOf(index, ofHash[0]).split("/");
      return { prefix: `${parts.slice(0, 2).join("/")}/`, index, places: ofHash };
    });
  };
  const partitions = [STATUS_SHARD_INDEX, ASSIGNEE_SHARD_INDEX].flatMap((index) =>
    partitionsOf(index as Index),
  );
  const stored = level.iterator.bind(level);
  const storedValue = level.getSync.bind(level);
  level.getSync = (key: string) => {
    const number = key.startsWith(`item-${TABLE_NAME}~`) ? Number(GENERATED_ID.exec(idOfKey(key))?.[1]) : NaN;
    return number < count ? toImage(generatedTicket(number)) : storedValue(key);
  };
  level.iterator = (range: KeyRange) => {
    const start = range.gte ?? range.gt ?? "";
    const partition = partitions.find(({ prefix }) => start.startsWith(prefix));
    if (!partition) return stored(range);
    const { index, places } = partition;
    const numberAt = (at: number): number =>
      Math.floor(at / places.length) * PERIOD + places[at % places.length];
    const keyAt = (at: number): string => keyOf(index, numberAt(at));
    const length =
      Math.floor(count / PERIOD) * places.length + places.filter((place) => place < count % PERIOD).length;
    const isBelow = (key: string): boolean =>
      range.gt !== undefined ? key <= range.gt : key < (range.gte as string);
    const isWithin = (key: string): boolean =>
      range.lte !== undefined ? key <= range.lte : key < (range.lt as string);
    const from = binarySearch(length, (place) => isBelow(keyAt(place)));
    const to = binarySearch(length, (place) => isWithin(keyAt(place)));
    const limit = range.limit === undefined || range.limit < 0 ? Infinity : range.limit;
    let next = 0;
    return {
      async nextv(size) {
        const chunk: [string, Json][] = [];
        for (; chunk.length < size && next < Math.min(limit, to - from); next++) {
          const place = range.reverse ? to - 1 - next : from + next;
          chunk.push([keyAt(place), keysOf(index, generatedTicket(numberAt(place)))]);
        }
        read.entries += chunk.length;
        return chunk;
      },
      close: async () => undefined,
    };
  };
  return read;
}

/** Returns the id in a database key of the table: a digest, then the id in hexadecimal. */
function idOfKey(key: string): string {
  return Buffer.from(key.split("/")[1] ?? "", "hex").toString();
}

/** Returns the projected attributes of a ticket in an index. */
function keysOf(index: string, ticket: TicketItem): Item {
  const { id, listSortKey, [HASH_KEYS[index as Index]]: hash } = ticket;
  return toImage({ id, listSortKey, [HASH_KEYS[index as Index]]: hash }) as Item;
}

/** Returns the first index at which a monotonic condition no longer holds (binary search). */
function binarySearch(length: number, holds: (place: number) => boolean): number {
  let [from, to] = [0, length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) from = middle + 1;
    else to = middle;
  }
  return from;
}
