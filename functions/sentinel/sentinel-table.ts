import type { Image } from "../shared/image";
import {
  DocumentDatabase,
  readStored,
  replicationProblem,
  unreadableItem,
  wholeNumberOf,
} from "../shared/stored-item";
import { sentinelId } from "../shared/reserved-items";
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

const NUMBERS = ["probedAt", "healthySince", "failingSince", "revision", "wellRevision"] as const;

/** Returns the state that is stored so. @throws UnreadableItem for an item that no sentinel can have written. */
export function readSentinelState(stored: Image): SentinelState {
  const problem = replicationProblem(stored);
  if (problem) throw unreadableItem(stored, problem);
  const [runner, failures] = [stored.runner?.S, wholeNumberOf(stored.failures)];
  if (runner === undefined) throw unreadableItem(stored, "its runner is no text");
  if (failures === undefined) throw unreadableItem(stored, "its failures are no whole number");
  if (stored.primary !== undefined && stored.primary.S === undefined)
    throw unreadableItem(stored, "its primary is no text");
  const numbers = NUMBERS.filter((name) => stored[name] !== undefined).map((name) => {
    const number = wholeNumberOf(stored[name]);
    if (number === undefined) throw unreadableItem(stored, `its ${name} is no whole number`);
    return [name, number] as const;
  });
  const failedAt = stored.failedAt?.L?.map(wholeNumberOf);
  if ((stored.failedAt && !failedAt) || failedAt?.includes(undefined))
    throw unreadableItem(stored, "its failedAt is no list of whole numbers");
  return {
    id: stored.id.S as string,
    runner,
    failures,
    ...(stored.primary?.S !== undefined && { primary: stored.primary.S }),
    ...Object.fromEntries(numbers),
    ...(failedAt && { failedAt: failedAt as number[] }),
  };
}
