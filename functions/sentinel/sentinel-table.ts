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

/** State of a region's sentinel, in the region's table. */
export interface SentinelTable {
  /** Returns the stored state; undefined if there is none. @throws UnreadableItem if the stored item is malformed. */
  read(): Promise<SentinelState | undefined>;
  /**
   * Writes the state if the stored runner is the given one.
   * @param before undefined if no state was stored.
   * @returns false if another invocation watches; nothing is written then.
   */
  write(state: SentinelState, before: string | undefined): Promise<boolean>;
  /** Writes the state unconditionally, over a malformed one. Another invocation ends at its next write. */
  replace(state: SentinelState): Promise<void>;
}

/**
 * Returns the state of a region's sentinel.
 * @param region AWS code.
 */
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

/** Returns the defined attributes: DynamoDB's document client rejects undefined ones. */
function defined(state: SentinelState): Record<string, unknown> {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined));
}

const NUMBERS = ["probedAt", "healthySince", "failingSince", "revision", "wellRevision"] as const;

/** Returns the state of a stored image. @throws UnreadableItem for an image that no sentinel can have written. */
export function readSentinelState(stored: Image): SentinelState {
  const problem = replicationProblem(stored);
  if (problem) throw unreadableItem(stored, problem);
  const [runner, failures] = [stored.runner?.S, wholeNumberOf(stored.failures)];
  if (runner === undefined) throw unreadableItem(stored, "its runner is not a string");
  if (failures === undefined) throw unreadableItem(stored, "its failures are not a whole number");
  if (stored.primary !== undefined && stored.primary.S === undefined)
    throw unreadableItem(stored, "its primary is not a string");
  const numbers = NUMBERS.filter((name) => stored[name] !== undefined).map((name) => {
    const number = wholeNumberOf(stored[name]);
    if (number === undefined) throw unreadableItem(stored, `its ${name} is not a whole number`);
    return [name, number] as const;
  });
  const failedAt = stored.failedAt?.L?.map(wholeNumberOf);
  if ((stored.failedAt && !failedAt) || failedAt?.includes(undefined))
    throw unreadableItem(stored, "its failedAt is not a list of whole numbers");
  return {
    id: stored.id.S as string,
    runner,
    failures,
    ...(stored.primary?.S !== undefined && { primary: stored.primary.S }),
    ...Object.fromEntries(numbers),
    ...(failedAt && { failedAt: failedAt as number[] }),
  };
}
