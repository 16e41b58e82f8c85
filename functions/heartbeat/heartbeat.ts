import { documentDynamoDB } from "../shared/aws";
import { environmentVariable } from "../shared/environment";
import { WriteMetrics, writeMetrics } from "../shared/metrics";
import type { ReplicationAttributes } from "../replication/attributes";
import type { Image } from "../shared/image";
import {
  isTooFarAhead,
  latestCredible,
  millisecondsAhead,
  nextVersion,
  parseVersion,
  Version,
} from "../replication/version";
import { log } from "../shared/log";
import { isUnreadable, readAllStored, unreadableItem } from "../shared/stored-item";
import { heartbeatIds } from "../shared/reserved-items";
import { isWritten } from "../shared/conditional-write";

/** Item of a region's heartbeat. It replicates like a ticket, and no listing or request returns it. */
export interface HeartbeatItem extends ReplicationAttributes {
  readonly id: string;
}

/** Heartbeats in a region's table. */
export interface HeartbeatTable {
  /** Writes an item of the region's own heartbeat unless a later one is stored. */
  write(item: HeartbeatItem): Promise<void>;
  /** Returns the items that are stored under the keys of a heartbeat, by key. */
  read(ids: readonly string[]): Promise<ReadonlyMap<string, Image>>;
}

/** Dependencies of a heartbeat. */
export interface HeartbeatContext {
  /** AWS code of the region that writes the heartbeat. */
  readonly region: string;
  /** AWS code of the region whose heartbeats arrive here. */
  readonly otherRegion: string;
  readonly table: HeartbeatTable;
  readonly write: WriteMetrics;
  readonly functionName: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Metric of the time since the other region wrote the last heartbeat that arrived here: the greatest of its items. */
export const HEARTBEAT_AGE = "HeartbeatAge";

/**
 * Writes this region's heartbeat and measures the age of the last one that arrived from the other region. The age is measured
 * where the heartbeat arrives, so that the metric and its alarm continue when the other region is unavailable.
 */
export async function sendHeartbeat(context: HeartbeatContext): Promise<void> {
  const { region, otherRegion, table, functionName } = context;
  const now = context.now();
  // A heartbeat has a single writer, so its version alone orders it and `seen` is empty.
  const version = nextVersion(region, now, undefined);
  const [arrived] = await Promise.all([
    table.read(heartbeatIds(otherRegion)),
    ...heartbeatIds(region).map((id) => table.write({ id, version, origin: region, seen: {} })),
  ]);
  const age = greatestAge(arrived, otherRegion, now);
  if (age === undefined) return;
  context.write({
    timestamp: now,
    dimensions: { FunctionName: functionName, SourceRegion: otherRegion, TargetRegion: region },
    metrics: {
      [HEARTBEAT_AGE]: { unit: "Milliseconds", values: [age] },
    },
  });
}

/**
 * Returns the age of the oldest item, in milliseconds. An item that is missing or malformed is behind by an unknown time:
 * the age is then undefined, which the alarm treats as a fault.
 */
function greatestAge(arrived: ReadonlyMap<string, Image>, region: string, now: number): number | undefined {
  let greatest = 0;
  for (const id of expectedHeartbeatIds(arrived, region)) {
    const stored = arrived.get(id);
    const version = stored && versionUnlessMalformed(stored, region, now);
    if (!version) return undefined;
    greatest = Math.max(greatest, -millisecondsAhead(version, now));
  }
  return greatest;
}

/**
 * Returns the keys of the items that a region writes, given the items that are stored in a table. An earlier version of the program
 * writes the first one only, so the others are expected from the moment when one of them is stored.
 */
export function expectedHeartbeatIds(
  stored: ReadonlyMap<string, unknown>,
  region: string,
): readonly string[] {
  const [first, ...others] = heartbeatIds(region);
  return others.some((id) => stored.has(id)) ? [first, ...others] : [first];
}

/** Returns undefined for a malformed item. The next heartbeat replaces it. */
function versionUnlessMalformed(stored: Image, region: string, now: number): Version | undefined {
  try {
    return versionOfRegion(stored, region, now);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    log({
      level: "ERROR",
      message: "Ignored the malformed heartbeat of the other region.",
      reason: error.message,
    });
    return undefined;
  }
}

/**
 * Returns the version of a reserved item that replicates: a heartbeat or a lag probe.
 * @param region AWS code of the region that writes it.
 * @param now milliseconds since 1970.
 * @throws UnreadableItem for an item that the region cannot have written by then. It would hide that replication has stopped.
 */
export function versionOfRegion(stored: Image, region: string, now: number): Version {
  const version = parseVersion(stored.version?.S);
  if (!version) throw unreadableItem(stored, "it has no valid version");
  if (version.region !== region || stored.origin?.S !== region)
    throw unreadableItem(stored, `it was not written in ${region}`);
  if (isTooFarAhead(version, now)) throw unreadableItem(stored, "its version is too far ahead of the clock");
  return version;
}

/** Returns the heartbeats in the table that the function's environment names. */
export function heartbeatTable(region: string): HeartbeatTable {
  const limits = { connectionTimeout: 1000, requestTimeout: 2000, maxAttempts: 3 };
  const database = documentDynamoDB(region, limits);
  const { commands, client } = database;
  const TableName = environmentVariable("TABLE_NAME");
  return {
    async write(item) {
      const condition = {
        // Replaces older heartbeats, and every item that the region cannot have written.
        ConditionExpression: "NOT (origin = :origin AND #version BETWEEN :version AND :latest)",
        ExpressionAttributeNames: { "#version": "version" },
        ExpressionAttributeValues: {
          ":version": item.version,
          ":latest": latestCredible(item.version),
          ":origin": item.origin,
        },
      };
      // The scheduler delivers at least once, and a later invocation may finish first.
      await isWritten(client.send(new commands.PutCommand({ TableName, Item: item, ...condition })));
    },
    read: (ids) => readAllStored(database, TableName, ids),
  };
}

/** Callback factory of the heartbeat function. */
export function heartbeat(): () => Promise<void> {
  const region = environmentVariable("AWS_REGION");
  const context: HeartbeatContext = {
    region,
    otherRegion: environmentVariable("OTHER_REGION"),
    table: heartbeatTable(region),
    write: writeMetrics,
    functionName: environmentVariable("AWS_LAMBDA_FUNCTION_NAME"),
    now: () => Date.now(),
  };
  return () => sendHeartbeat(context);
}
