import * as commands from "@aws-sdk/client-dynamodb";
import { entryOfImage } from "../../functions/replication/conflict-entry";
import { conflictTable, type ConflictTable } from "../../functions/replication/conflict-log";
import type { ConnectedRegion } from "../cli/aws-clients";
import type { ConflictSide } from "./level-conflicts";
import type { TokenBucket } from "./token-bucket";

const PAGE_ENTRIES = 100;

/**
 * A region's conflict table; in a dry run a put only tells what is there.
 * @param signal ends the reading between two pages.
 */
export function conflictSide(
  { region, clients }: ConnectedRegion,
  dryRun: boolean,
  bucket: TokenBucket,
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
        yield Items.map(entryOfImage).filter((entry) => entry !== undefined);
        await bucket.take(2 * Items.length);
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
      return Item && entryOfImage(Item);
    },
  };
}
