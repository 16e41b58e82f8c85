import { apiHandler, ApiHandler, Operation } from "../http/api";
import { dynamoDB } from "../shared/aws";
import { environmentVariable } from "../shared/environment";
import { ConflictEntry, conflictEntryOf } from "../replication/conflict-entry";
import type { Image } from "../shared/image";
import { Malformed, reportMalformed } from "./malformed-items";
import { firstItems } from "./query";
import { storedTicket } from "./stored-ticket";
import { isLive, StoredTicket, Ticket, Tombstone, toTicket } from "./ticket";

/** Conflict entry of the conflict table, with the losing write as a ticket or tombstone. */
export type StoredConflict = Omit<ConflictEntry, "losing"> & { readonly losing: StoredTicket };

/** Tombstone as the API returns it. */
type Deletion = Pick<Tombstone, "id" | "deleted" | "version" | "origin">;

/** Conflict as the API returns it: a write that lost to a concurrent write of the other region. */
export interface Conflict extends Omit<StoredConflict, "id" | "losing" | "expiresAt"> {
  /** The ticket as it would be if the write had won. */
  readonly losing: Ticket | Deletion;
}

/** Reads the conflicts of a ticket from the conflict table of a region. */
export interface ConflictHistory {
  /**
   * Returns the conflicts of a ticket, newest losing write first. Malformed entries are skipped and counted.
   * @param limit maximum number of conflicts.
   */
  newest(id: string, limit: number): Promise<StoredConflict[]>;
}

/**
 * Maximum number of conflicts in a response. 100 of the largest tickets stay below the payload limit of Lambda (6 MB):
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const MAXIMUM_CONFLICTS = 100;

/**
 * `GET /tickets/{id}/conflicts`. Returns 200 with the conflicts of the ticket, newest losing write first, or an empty list for an
 * unknown id. `more` is true if the ticket has more conflicts than the maximum.
 */
export function listConflictsOperation(history: ConflictHistory): Operation {
  return async ({ pathParameters }) => {
    const id = pathParameters.id as string;
    const found = await history.newest(id, MAXIMUM_CONFLICTS + 1);
    const conflicts = found.slice(0, MAXIMUM_CONFLICTS).map(toConflict);
    return { status: 200, body: { conflicts, ...(found.length > MAXIMUM_CONFLICTS && { more: true }) } };
  };
}

function toConflict(stored: StoredConflict): Conflict {
  const { losingVersion, losingOrigin, winningVersion, winningOrigin, at, losing } = stored;
  return { losingVersion, losingOrigin, winningVersion, winningOrigin, at, losing: toLosing(losing) };
}

function toLosing(stored: StoredTicket): Ticket | Deletion {
  if (isLive(stored)) return toTicket(stored);
  const { id, deleted, version, origin } = stored as Tombstone;
  return { id, deleted, version, origin };
}

/** Opens the conflict table that the environment of the function names, in the region of the function. */
function conflictHistory(): ConflictHistory {
  const limits = { connectionTimeout: 1000, requestTimeout: 2000, maxAttempts: 3 };
  const database = dynamoDB(environmentVariable("AWS_REGION"), limits);
  const TableName = environmentVariable("CONFLICT_TABLE_NAME");
  return {
    async newest(id, limit) {
      const malformed: Malformed[] = [];
      const { items } = await firstItems<StoredConflict>(
        database,
        {
          TableName,
          KeyConditionExpression: "id = :id",
          ExpressionAttributeValues: { ":id": { S: id } },
          ConsistentRead: true,
          ScanIndexForward: false,
        },
        limit,
        (image) => {
          const conflict = storedConflict(image);
          if (!conflict) malformed.push({ id, faults: [MALFORMED_CONFLICT] });
          return conflict;
        },
      );
      reportMalformed(malformed);
      return items;
    },
  };
}

const MALFORMED_CONFLICT = "An entry of the conflict table or the losing write in it is malformed.";

function storedConflict(image: Image): StoredConflict | undefined {
  const entry = conflictEntryOf(image);
  const losing = entry && storedTicket(entry.losing);
  return entry && losing && { ...entry, losing };
}

/** Callback factory of `GET /tickets/{id}/conflicts`. */
export function listConflicts(): ApiHandler {
  return apiHandler("listConflicts", listConflictsOperation(conflictHistory()));
}
