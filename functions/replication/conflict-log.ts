import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { DynamoDB } from "../shared/aws";
import { isWritten, storedInstead } from "../shared/conditional-write";
import { ConflictEntry, conflictEntryOf, conflictImage } from "./conflict-entry";

/** A region's conflict table. */
export interface ConflictTable {
  /**
   * Stores an entry, unless one of the same losing write is there whose winning version is the same or lower. A malformed
   * entry is replaced.
   * @returns the entry that was there before, whether it was replaced or not.
   */
  put(entry: ConflictEntry): Promise<ConflictEntry | undefined>;
}

/** Where conflicts are kept for people to see. */
export interface ConflictLog {
  /**
   * Keeps a conflict in every region; rejects when that is not certain, and the write must be tried again then.
   * @returns whether it is new to any region; false when it is told again.
   */
  record(entry: ConflictEntry): Promise<boolean>;
}

/**
 * The conflict tables of both regions. Two writes of the winning region may be seen to win over the same losing one,
 * each by another function, so each table keeps the lowest winner, and a lower one that is found in one table is
 * carried to the other: both end with the same entry, also when a function died between its two puts and came again.
 * When the losing write was built on before it came again, it meets that newer write instead, and reconcile brings the
 * entry to the other table; what was built on is not lost.
 * @param there the table that is the more likely to be out of reach: nothing is written when it is.
 * @param here the other table.
 */
export function conflictLog(there: ConflictTable, here: ConflictTable): ConflictLog {
  return {
    async record(entry) {
      const foundThere = await there.put(entry);
      const lowest = foundThere && isLower(foundThere, entry) ? foundThere : entry;
      const foundHere = await here.put(lowest);
      if (foundHere && isLower(foundHere, lowest)) await there.put(foundHere);
      return !foundThere || !foundHere;
    },
  };
}

function isLower(left: ConflictEntry, right: ConflictEntry): boolean {
  return left.winningVersion < right.winningVersion;
}

/** A conflict table in the DynamoDB of its region. */
export function conflictTable({ commands, client }: DynamoDB, tableName: string): ConflictTable {
  return {
    async put(entry) {
      try {
        const { Attributes } = await client.send(
          new commands.PutItemCommand({
            TableName: tableName,
            Item: conflictImage(entry),
            ConditionExpression: "attribute_not_exists(id) OR winningVersion > :winning",
            ExpressionAttributeValues: { ":winning": { S: entry.winningVersion } },
            ReturnValues: "ALL_OLD",
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
        return Attributes && conflictEntryOf(Attributes);
      } catch (error) {
        const stored = storedInstead(error);
        if (!stored) throw error;
        return conflictEntryOf(stored) ?? replaceMalformed(entry, stored.winningVersion);
      }
    },
  };

  /** @param found the winning version of the malformed entry, as stored. */
  async function replaceMalformed(
    entry: ConflictEntry,
    found: AttributeValue | undefined,
  ): Promise<undefined> {
    const put = new commands.PutItemCommand({
      TableName: tableName,
      Item: conflictImage(entry),
      ConditionExpression: stillMalformed(found),
      ...(found && { ExpressionAttributeValues: { ":found": found.S === undefined ? { S: "S" } : found } }),
    });
    if (!(await isWritten(client.send(put))))
      throw new Error(`The conflict entry of ${entry.id} changed while it was to be replaced.`);
  }
}

/** The condition that a malformed entry is still there. A well-formed one has a winning version that is a string. */
function stillMalformed(found: AttributeValue | undefined): string {
  if (!found) return "attribute_not_exists(winningVersion)";
  if (found.S !== undefined) return "winningVersion = :found";
  return "attribute_exists(winningVersion) AND NOT attribute_type(winningVersion, :found)";
}
