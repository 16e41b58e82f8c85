import type { DynamoDB } from "../aws";
import { storedInstead } from "./condition-failure";
import type { ReplicatedWrite } from "./replicated-write";
import type { Image } from "./stream-record";
import { isWritten } from "../conditional-write";

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
}

/** A ticket table in the DynamoDB of its region. */
export function targetTable({ commands, client }: DynamoDB, tableName: string): TargetTable {
  return {
    async put({ version, origin, seen, image }) {
      const known = Object.entries(seen).filter(([other, newest]) => other !== origin && newest !== "");
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
