import * as commands from "@aws-sdk/client-dynamodb";
import { conflictEntryOf, type ConflictEntry } from "../../functions/replication/conflict-entry";
import { conflictTable, type ConflictTable } from "../../functions/replication/conflict-log";
import { forEachBounded } from "../../functions/shared/for-each-bounded";
import { isTicketId } from "../../functions/tickets/ticket-id";
import type { ConnectedRegion } from "../cli/aws-clients";
import type { ReadRateLimiter } from "./read-rate";

/** A region's conflict table, as reconcile reads and repairs it. */
export interface ConflictSide extends ConflictTable {
  /** Yields all entries, page by page. */
  pages(): AsyncIterable<readonly ConflictEntry[]>;
}

const PARALLEL_ENTRIES = 8;

/**
 * Makes the conflict tables of both regions equal, each entry with its lowest winning version. Replication does this itself,
 * except in one case: the function stopped between its two puts, and before its retry the losing write was overwritten in its
 * own region. The retry then sees the newer write and never writes the second entry.
 * @param now milliseconds since 1970; entries that have expired by then are ignored.
 * @param onRejected receives every entry whose key is not a ticket id. The application never writes such entries.
 * @returns the number of entries that were missing in a region or differed.
 */
export async function reconcileConflicts(
  [first, second]: readonly [ConflictSide, ConflictSide],
  now: () => number = Date.now,
  onRejected: (entry: ConflictEntry) => void = () => undefined,
): Promise<number> {
  let leveled = 0;
  const level = async (entry: ConflictEntry, own: ConflictSide, other: ConflictSide): Promise<void> => {
    if (!isTicketId(entry.id)) return onRejected(entry);
    if (entry.expiresAt * 1000 <= now()) return;
    const found = await other.put(entry);
    if (found?.winningVersion === entry.winningVersion) return;
    // Different entries were counted in the first pass, and a dry run does not change them.
    if (!found || own === first) leveled++;
    if (found && found.winningVersion < entry.winningVersion) await own.put(found);
  };
  for (const [own, other] of [
    [first, second],
    [second, first],
  ])
    for await (const page of own.pages())
      await forEachBounded(page, PARALLEL_ENTRIES, (entry) => level(entry, own, other));
  return leveled;
}

const PAGE_ENTRIES = 100;

/**
 * Opens the conflict table of a region. In a dry run, a put only returns the stored entry.
 * @param signal stops the scan between two pages.
 */
export function conflictSide(
  { region, clients }: ConnectedRegion,
  dryRun: boolean,
  readRate: ReadRateLimiter,
  signal: AbortSignal,
): ConflictSide {
  const { dynamodb: client } = clients;
  const { conflictTable: TableName } = region;
  const { put } = dryRun ? readOnly(client, TableName) : conflictTable({ commands, client }, TableName);
  return {
    put,
    async *pages() {
      let ExclusiveStartKey: commands.ScanCommandInput["ExclusiveStartKey"];
      do {
        signal.throwIfAborted();
        const input = { TableName, Limit: PAGE_ENTRIES, ConsistentRead: true, ExclusiveStartKey };
        const { Items = [], LastEvaluatedKey } = await client.send(new commands.ScanCommand(input));
        // A malformed entry is replaced if the other region has a valid one for the same write.
        yield Items.map(conflictEntryOf).filter((entry) => entry !== undefined);
        await readRate.take(2 * Items.length);
        ExclusiveStartKey = LastEvaluatedKey;
      } while (ExclusiveStartKey);
    },
  };
}

function readOnly(client: commands.DynamoDBClient, TableName: string): ConflictTable {
  return {
    async put({ id, losingVersion }) {
      const Key = { id: { S: id }, losingVersion: { S: losingVersion } };
      const { Item } = await client.send(
        new commands.GetItemCommand({ TableName, Key, ConsistentRead: true }),
      );
      return Item && conflictEntryOf(Item);
    },
  };
}
