import { apiHandler, ApiHandler, Operation } from "../http/api";
import { dynamoDB } from "../shared/aws";
import { environmentVariable } from "../shared/environment";
import { ConflictEntry, entryOfImage } from "../replication/conflict-entry";
import type { Image } from "../replication/stream-record";
import { Malformed, reportMalformed } from "./malformed-items";
import { firstItems } from "./query";
import { storedTicket } from "./stored-ticket";
import { isLive, StoredTicket, Ticket, Tombstone, toTicket } from "./ticket";

/** A conflict entry as the table holds it, in plain form. */
export type StoredConflict = Omit<ConflictEntry, "losing"> & { readonly losing: StoredTicket };

/** A delete as the API gives it. */
type Deletion = Pick<Tombstone, "id" | "deleted" | "version" | "origin">;

/** A conflict as the API gives it: a write that lost to one of the other region whose writer did not know it. */
export interface Conflict extends Omit<StoredConflict, "id" | "losing" | "expiresAt"> {
  /** The ticket as it would be now if the write had won. */
  readonly losing: Ticket | Deletion;
}

/** A region's conflict table, as the API's function uses it. */
export interface ConflictHistory {
  /**
   * The conflicts of a ticket, newest losing write first; malformed entries are left out and counted.
   * @param limit how many at most.
   */
  newest(id: string, limit: number): Promise<StoredConflict[]>;
}

/** So many of the largest tickets fit into an answer: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAXIMUM_CONFLICTS = 100;

/**
 * `GET /tickets/{id}/conflicts`: 200 with the ticket's conflicts, newest losing write first; with none for an id that
 * no ticket has. `more` is true when there are more than fit.
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

/** The conflict table that the function's environment names, in the function's own region. */
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

const MALFORMED_CONFLICT = "An entry of the conflict table is malformed, or the write that it keeps is.";

function storedConflict(image: Image): StoredConflict | undefined {
  const entry = entryOfImage(image);
  const losing = entry && storedTicket(entry.losing);
  return entry && losing && { ...entry, losing };
}

/** The callback factory of `GET /tickets/{id}/conflicts`. */
export function listConflicts(): ApiHandler {
  return apiHandler("listConflicts", listConflictsOperation(conflictHistory()));
}
