import type { DynamoDB } from "../shared/aws";
import type { Image } from "../shared/image";
import { newestEntries, type IndexEntry } from "./index-entries";
import {
  ALL_SHARDS,
  ASSIGNEE_SHARD_INDEX,
  assigneeShard,
  STATUS_SHARD_INDEX,
  statusShard,
} from "./list-indexes";
import { listedTicket } from "./listed-ticket";
import { MAXIMUM_SKIPPED, type TicketFilter, type TicketLists } from "./lists";
import { Malformed, reportMalformed } from "./malformed-items";
import { MAXIMUM_KEYS, readItems } from "./read-items";
import type { TicketItem } from "./ticket";
import { isTicketId } from "./ticket-id";

/**
 * Lists from the sharded indexes, which contain keys only: merges all shards, then reads the tickets of the page from the table. Indexes
 * are eventually consistent, so an entry whose ticket has another status, assignee or sort key by now is skipped.
 */
export function shardedLists(database: DynamoDB, TableName: string): TicketLists {
  return {
    async newest(filter, before, limit) {
      const take = newestEntries(database, { ...partitionsOf(filter), TableName, before });
      const malformed: Malformed[] = [];
      const items: TicketItem[] = [];
      const seen = new Set<string>();
      let skipped = 0;
      let stoppedAt: string | undefined;
      while (items.length < limit) {
        // Asks for more after skipped entries, so that many of them need few calls.
        const entries = await take(Math.min(MAXIMUM_KEYS, limit - items.length + skipped));
        if (entries.length === 0) break;
        const images = await readItems(database, TableName, unseenIds(entries, seen));
        for (const { id, sortKey } of entries) {
          const image = images.get(id);
          const ticket = image && !seen.has(id) ? listed(image, sortKey, filter, malformed) : undefined;
          if (ticket) items.push(ticket);
          else skipped++;
          // A ticket whose status changes can have two entries with its sort key. Other entries of its id are skipped above.
          if (ticket) seen.add(id);
        }
        if (items.length < limit && skipped > MAXIMUM_SKIPPED) {
          stoppedAt = entries[entries.length - 1].sortKey;
          break;
        }
      }
      reportMalformed(malformed);
      return { items: items.slice(0, limit), stoppedAt };
    },
  };
}

function partitionsOf({ statuses, assignee }: TicketFilter): {
  readonly IndexName: string;
  readonly hashKey: string;
  readonly hashes: readonly string[];
} {
  const ofShards = (hashOf: (status: string, shard: number) => string): string[] =>
    statuses.flatMap((status) => ALL_SHARDS.map((shard) => hashOf(status, shard)));
  if (assignee === undefined)
    return { IndexName: STATUS_SHARD_INDEX, hashKey: "statusShard", hashes: ofShards(statusShard) };
  const hashes = ofShards((status, shard) => assigneeShard(status, assignee, shard));
  return { IndexName: ASSIGNEE_SHARD_INDEX, hashKey: "assigneeShard", hashes };
}

/** Returns the ids of tickets that are not in the list yet. The role may not read other items. */
function unseenIds(entries: readonly IndexEntry[], seen: ReadonlySet<string>): string[] {
  const ids = entries.map(({ id }) => id).filter((id) => isTicketId(id) && !seen.has(id));
  return [...new Set(ids)];
}

function listed(
  image: Image,
  sortKey: string,
  { statuses, assignee }: TicketFilter,
  malformed: Malformed[],
): TicketItem | undefined {
  const ticket = listedTicket(image, malformed);
  if (ticket?.listSortKey !== sortKey || !statuses.includes(ticket.status)) return undefined;
  return assignee === undefined || ticket.assignee === assignee ? ticket : undefined;
}
