import { dynamoDB } from "../aws";
import type { Image } from "./stream-record";

/** What became of an item in the other region: written, or refused because what is there is as new or newer. */
export type Applied = "applied" | "stale";

/** The table of the other region. */
export interface TargetTable {
  /** Puts the item unless the table has the same or a newer version of it; what is there without a version is older than any. */
  apply(image: Image, version: string): Promise<Applied>;
}

/**
 * A table in another region.
 * @param region AWS code of that region.
 * @param tableName the table's name there.
 */
export function targetTable(region: string, tableName: string): TargetTable {
  const { commands, client } = dynamoDB(region, {
    connectionTimeout: 2000,
    requestTimeout: 3000,
    maxAttempts: 3,
  });
  return {
    async apply(image, version) {
      try {
        await client.send(
          new commands.PutItemCommand({
            TableName: tableName,
            Item: image,
            ConditionExpression: "attribute_not_exists(#version) OR #version < :incoming",
            ExpressionAttributeNames: { "#version": "version" },
            ExpressionAttributeValues: { ":incoming": { S: version } },
          }),
        );
        return "applied";
      } catch (error) {
        if ((error as Error).name === "ConditionalCheckFailedException") return "stale";
        throw error;
      }
    },
  };
}
