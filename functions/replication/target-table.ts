import type { DynamoDB } from "../shared/aws";
import type { Image } from "../shared/image";
import { newestSeen } from "./attributes";
import type { ReplicatedWrite } from "./replicated-write";
import { isWritten, storedInstead } from "../shared/conditional-write";
import { latestCredible } from "./version";

/** Ticket table that writes are replicated to. */
export interface TargetTable {
  /**
   * Puts the item unless the stored item has the same or a newer version, or the write may be in conflict with it.
   * @returns the stored item if the write was not put; undefined if it was.
   */
  put(write: ReplicatedWrite): Promise<Image | undefined>;
  /**
   * Puts the item if the stored item still has the given version.
   * @returns false if it has another version; nothing is written then.
   */
  replace(write: ReplicatedWrite, version: string): Promise<boolean>;
  /**
   * Puts an item of the source region's heartbeat or lag probe. Only that region writes it, so the put replaces every stored item except a
   * write of that region with the same or a newer version. An item that the region cannot have written does not stay.
   * @returns false if the stored item is as new; nothing is written then.
   */
  refresh(write: ReplicatedWrite): Promise<boolean>;
}

/** Returns a ticket table in the DynamoDB of its region. */
export function targetTable({ commands, client }: DynamoDB, tableName: string): TargetTable {
  return {
    async put({ version, origin, seen, image }) {
      // Items of regions that are left out fail the condition and go through conflict resolution, which compares with all of `seen`.
      const known = Object.entries(newestSeen(seen)).filter(([other]) => other !== origin);
      const orKnown = known.map(
        (_, index) => ` OR (origin = :region${index} AND #version <= :known${index})`,
      );
      const values = known.flatMap(([other, newest], index) => [
        [`:region${index}`, { S: other }],
        [`:known${index}`, { S: newest }],
      ]);
      try {
        await client.send(
          new commands.PutItemCommand({
            TableName: tableName,
            Item: image,
            ConditionExpression: `attribute_not_exists(id) OR (#version < :incoming AND (origin = :origin${orKnown.join("")}))`,
            ExpressionAttributeNames: { "#version": "version" },
            ExpressionAttributeValues: {
              ":incoming": { S: version },
              ":origin": { S: origin },
              ...Object.fromEntries(values),
            },
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
        return undefined;
      } catch (error) {
        const stored = storedInstead(error);
        if (stored) return stored;
        throw error;
      }
    },

    async refresh({ version, origin, image }) {
      return isWritten(
        client.send(
          new commands.PutItemCommand({
            TableName: tableName,
            Item: image,
            // A comparison with a missing attribute, or one of another type, is false, so items without them are replaced.
            ConditionExpression: "NOT (origin = :origin AND #version BETWEEN :incoming AND :latest)",
            ExpressionAttributeNames: { "#version": "version" },
            ExpressionAttributeValues: {
              ":origin": { S: origin },
              ":incoming": { S: version },
              ":latest": { S: latestCredible(version) },
            },
          }),
        ),
      );
    },

    async replace({ image }, version) {
      return isWritten(
        client.send(
          new commands.PutItemCommand({
            TableName: tableName,
            Item: image,
            ConditionExpression: "#version = :stored",
            ExpressionAttributeNames: { "#version": "version" },
            ExpressionAttributeValues: { ":stored": { S: version } },
          }),
        ),
      );
    },
  };
}
