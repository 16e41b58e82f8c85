import { createRequire } from "node:module";
import type { KeyRange, Level } from "../../../local/aws/dynamodb/level";
import type { Json, Item } from "../../../local/aws/dynamodb/item";
import { ASSIGNEE_INDEX, STATUS_INDEX } from "../../../functions/tickets/table";
import type { TicketItem } from "../../../functions/tickets/ticket";
import { STATUSES } from "../../../functions/tickets/ticket-attributes";
import { toImage } from "../../../testing/attribute-values";
import { idOf, NOW, ticketItem } from "../../../testing/tickets";
import { TABLE_NAME } from "./embedded-table";

const AGENTS = 10;

/** Returns the ticket with a number: one per millisecond, with all statuses, nine assignees and unassigned. */
export function generatedTicket(number: number): TicketItem {
  const agent = number % AGENTS;
  return ticketItem({
    id: idOf(number),
    createdAt: new Date(NOW + number).toISOString(),
    status: STATUSES[number % STATUSES.length],
    assignee: agent === 0 ? "" : `agent-${agent}`,
  });
}

/** Entries of an index with one hash key: every `step`th ticket from `first`. */
interface Partition {
  /** Prefix of the database keys of its entries. */
  readonly prefix: string;
  readonly index: string;
  readonly first: number;
  readonly step: number;
}

const HASH_KEYS = { [STATUS_INDEX]: "status", [ASSIGNEE_INDEX]: "assigneeStatus" };

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
      AttributeName: at === 0 ? HASH_KEYS[index as keyof typeof HASH_KEYS] : "listSortKey",
      KeyType,
    }));
    const key = dynalite.createIndexKey(toImage(generatedTicket(number)), table, keySchema);
    return `index-global~${TABLE_NAME}~${index}~${key}`;
  };
  const partitionOf = (index: string, first: number, step: number): Partition => {
    const parts = keyOf(index, first).split("/");
    return { prefix: `${parts.slice(0, 2).join("/")}/`, index, first, step };
  };
  const both = STATUSES.length * AGENTS;
  const partitions = [
    ...STATUSES.map((_, first) => partitionOf(STATUS_INDEX, first, STATUSES.length)),
    ...Array.from({ length: both }, (_, first) => partitionOf(ASSIGNEE_INDEX, first, both)),
  ];
  const stored = level.iterator.bind(level);
  level.iterator = (range: KeyRange) => {
    const start = range.gte ?? range.gt ?? "";
    const partition = partitions.find(({ prefix }) => start.startsWith(prefix));
    if (!partition) return stored(range);
    const { index, first, step } = partition;
    const keyAt = (place: number): string => keyOf(index, first + place * step);
    const length = Math.ceil((count - first) / step);
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
          chunk.push([keyAt(place), toImage(generatedTicket(first + place * step))]);
        }
        read.entries += chunk.length;
        return chunk;
      },
      close: async () => undefined,
    };
  };
  return read;
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
