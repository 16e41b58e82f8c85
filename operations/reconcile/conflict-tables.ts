import * as commands from "@aws-sdk/client-dynamodb";
import { conflictEntryOf, type ConflictEntry } from "../../functions/replication/conflict-entry";
import { conflictTable, type ConflictTable } from "../../functions/replication/conflict-log";
import { forEachBounded } from "../../functions/replication/for-each-bounded";
import { isTicketId } from "../../functions/tickets/ticket-id";
import type { ConnectedRegion } from "../cli/aws-clients";
import type { ReadRateLimiter } from "./read-rate";

/** A region's conflict table, as the reconciliation reads and mends it. */
export interface ConflictSide extends ConflictTable {
  /** Every entry, a page after the other. */
  pages(): AsyncIterable<readonly ConflictEntry[]>;
}

const PARALLEL_ENTRIES = 8;

/**
 * Makes both regions tell the same conflicts, each with its lowest winner. Replication does so by itself, except for one
 * case: its function ended between its two puts, and before it was called again the write that was to lose had been
 * built on in its own region. The function then meets that newer write, and never comes back to the entry.
 * @param now milliseconds since 1970; entries that TTL may purge by then are left to it.
 * @param onRejected is given every entry under a key that is no ticket's: only tickets have conflicts, so the application did not write it.
 * @returns how many entries were missing in a region or differed.
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
    // What differs was counted in the first pass, and is as it was after a dry run's.
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
 * A region's conflict table; in a dry run a put only tells what is there.
 * @param signal ends the reading between two pages.
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
        // A malformed entry is replaced when the other region has a well-formed one of the same write.
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
