import { DocumentDatabase, readStored } from "../shared/stored-item";
import { readSentinelState } from "./read-sentinel-state";
import { sentinelId } from "./sentinel-id";
import type { SentinelState } from "./sentinel-state";
import { isWritten } from "../shared/conditional-write";

/** What a region's sentinel knows, in its table. */
export interface SentinelTable {
  /** @throws UnreadableItem when what is stored is no state of a sentinel. */
  read(): Promise<SentinelState | undefined>;
  /**
   * Writes the state if the stored runner still is the given one.
   * @param before undefined when nothing was stored.
   * @returns false when another invocation watches; nothing is written then.
   */
  write(state: SentinelState, before: string | undefined): Promise<boolean>;
  /** Writes the state whatever is stored: an unreadable one is worth nothing, and another invocation ends at its next write. */
  replace(state: SentinelState): Promise<void>;
}

/** The state of a region's sentinel. @param region AWS code. */
export function sentinelTable(database: DocumentDatabase, TableName: string, region: string): SentinelTable {
  const { commands, client } = database;
  return {
    async read() {
      const stored = await readStored(database, TableName, sentinelId(region));
      return stored && readSentinelState(stored);
    },
    async replace(state) {
      await client.send(new commands.PutCommand({ TableName, Item: defined(state) }));
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
