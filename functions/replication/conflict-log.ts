import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { DynamoDB } from "../shared/aws";
import { isWritten, storedInstead } from "../shared/conditional-write";
import { ConflictEntry, conflictEntryOf, conflictImage } from "./conflict-entry";

/** Conflict table of a region. */
export interface ConflictTable {
  /**
   * Stores an entry unless the table has one of the same losing write with the same or a lower winning version. Replaces a
   * malformed entry.
   * @returns the entry that was stored before, whether or not it was replaced.
   */
  put(entry: ConflictEntry): Promise<ConflictEntry | undefined>;
}

/** Conflict tables of both regions. */
export interface ConflictLog {
  /**
   * Stores a conflict in both regions. Rejects if that is uncertain; the caller must then retry the write.
   * @returns whether the conflict is new to either region.
   */
  record(entry: ConflictEntry): Promise<boolean>;
}

/**
 * Returns a log over the conflict tables of both regions.
 *
 * Two functions may find different winners for the same losing write. Each table therefore keeps the lowest winner, and a lower
 * winner found in one table is copied to the other. Both tables end with equal entries, also if a function ends between its two
 * puts and is retried. If the losing write was meanwhile replaced by a write whose writer knew it, the retry meets that newer
 * write, and reconcile copies the entry. Nothing is lost in that case: the newer write builds on it.
 * @param there table that is more likely to be unreachable. It is written first, so nothing is written if it is unreachable.
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

/** Returns a conflict table in the DynamoDB of its region. */
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

  /** @param found stored winning version of the malformed entry. */
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
      throw new Error(`The malformed conflict entry of ${entry.id} changed before it was replaced.`);
  }
}

/** Returns the condition that the malformed entry is still stored. */
function stillMalformed(found: AttributeValue | undefined): string {
  if (!found) return "attribute_not_exists(winningVersion)";
  if (found.S !== undefined) return "winningVersion = :found";
  return "attribute_exists(winningVersion) AND NOT attribute_type(winningVersion, :found)";
}
