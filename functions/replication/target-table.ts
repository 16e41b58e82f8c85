import type { DynamoDB } from "../shared/aws";
import type { Image } from "../shared/image";
import type { ReplicatedWrite } from "./replicated-write";
import { isWritten, storedInstead } from "../shared/conditional-write";
import { latestCredible } from "./version";

/** A table that writes are brought to. */
export interface TargetTable {
  /**
   * Puts the item unless `judge` says that what is stored is as new, newer, or lost to it in a conflict.
   * @returns what is stored instead; undefined when the item was put.
   */
  put(write: ReplicatedWrite): Promise<Image | undefined>;
  /**
   * Puts the item if what is stored still has a version.
   * @returns false when it has another by now; nothing is written then.
   */
  replace(write: ReplicatedWrite, version: string): Promise<boolean>;
  /**
   * Puts the source region's heartbeat or lag probe, whose only writer is that region: over everything but a write of that
   * region that is as new, so that an item that region cannot have written does not stay.
   * @returns false when what is stored is as new; nothing is written then.
   */
  refresh(write: ReplicatedWrite): Promise<boolean>;
}

/**
 * The most regions whose known versions the condition of a put names, so that it stays below the 4 KB of an expression. What is
 * stored by another region is judged after the put.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const MAXIMUM_KNOWN = 16;

/** A ticket table in the DynamoDB of its region. */
export function targetTable({ commands, client }: DynamoDB, tableName: string): TargetTable {
  return {
    async put({ version, origin, seen, image }) {
      const known = Object.entries(seen)
        .filter(([other]) => other !== origin)
        .slice(0, MAXIMUM_KNOWN);
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
            // The comparisons with a missing attribute, or one of another type, do not hold, so this is put over all of those.
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
