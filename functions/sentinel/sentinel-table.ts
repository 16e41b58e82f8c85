import type { DocumentDatabase } from "../routing/routing-table";
import { sentinelId } from "./sentinel-id";
import type { SentinelState } from "./sentinel-state";
import { isWritten } from "../conditional-write";

/** What a region's sentinel knows, in its table. */
export interface SentinelTable {
  read(): Promise<SentinelState | undefined>;
  /**
   * Writes the state if the stored runner still is the given one.
   * @param before undefined when nothing was stored.
   * @returns false when another invocation watches; nothing is written then.
   */
  write(state: SentinelState, before: string | undefined): Promise<boolean>;
}

/** The state of a region's sentinel. @param region AWS code. */
export function sentinelTable(
  { commands, client }: DocumentDatabase,
  TableName: string,
  region: string,
): SentinelTable {
  const Key = { id: sentinelId(region) };
  return {
    async read() {
      const { Item } = await client.send(new commands.GetCommand({ TableName, Key, ConsistentRead: true }));
      return Item as SentinelState | undefined;
    },
    async write(state, before) {
      const condition =
        before === undefined
          ? { ConditionExpression: "attribute_not_exists(id)" }
          : { ConditionExpression: "runner = :before", ExpressionAttributeValues: { ":before": before } };
      return isWritten(
        client.send(new commands.PutCommand({ TableName, Item: defined(state), ...condition })),
      );
    },
  };
}

/** DynamoDB's document client refuses attributes that are undefined. */
function defined(state: SentinelState): Record<string, unknown> {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined));
}
