import { apiHandler, ApiHandler, Operation } from "../api";
import { documentDynamoDB } from "../aws";
import { environmentVariable } from "../environment";
import { CONFLICT_LISTING, ConflictEntry, RECENCY_INDEX } from "../replication/conflict-entry";
import { parseVersion } from "../replication/version";
import { cursorAfter, positionOfCursor } from "./cursor";
import { isTicketId } from "./ids";
import { firstItems } from "./query";

/** A conflict as the list of all of them tells it. */
export type RecentConflict = Pick<ConflictEntry, "id" | "losingVersion">;

/** A region's conflict table, as it is listed over all tickets. */
export interface RecentConflicts {
  /**
   * The conflicts of all tickets, newest losing write first. Those of items under an id that is no ticket's are left out.
   * @param after only conflicts behind this one; undefined for the newest of all.
   * @param limit how many at most.
   */
  newest(after: RecentConflict | undefined, limit: number): Promise<RecentConflict[]>;
}

/** `GET /conflicts?limit=&cursor=`: 200 with a page of conflicts, newest losing write first, and a cursor when there are more. */
export function listRecentConflictsOperation(table: RecentConflicts): Operation {
  return async ({ query }) => {
    const { limit, cursor } = query as { limit: number; cursor?: string };
    const after =
      cursor === undefined ? undefined : positionOfCursor<RecentConflict>(cursor, isRecentConflict);
    const found = await table.newest(after, limit + 1);
    const conflicts = found.slice(0, limit).map(({ id, losingVersion }) => ({ id, losingVersion }));
    const next = found.length > limit ? cursorAfter(conflicts[limit - 1]) : undefined;
    return { status: 200, body: { conflicts, cursor: next } };
  };
}

function isRecentConflict(value: Partial<Record<keyof RecentConflict, unknown>>): boolean {
  return isTicketId(value.id) && parseVersion(value.losingVersion) !== undefined;
}

/** The conflict table that the function's environment names, in the function's own region. */
function recentConflicts(): RecentConflicts {
  const limits = { connectionTimeout: 1000, requestTimeout: 2000, maxAttempts: 3 };
  const database = documentDynamoDB(environmentVariable("AWS_REGION"), limits);
  const TableName = environmentVariable("CONFLICT_TABLE_NAME");
  return {
    newest: (after, limit) =>
      firstItems<RecentConflict>(
        database,
        {
          TableName,
          IndexName: RECENCY_INDEX,
          KeyConditionExpression: "listing = :listing",
          ExpressionAttributeValues: { ":listing": CONFLICT_LISTING },
          ScanIndexForward: false,
          // Two tickets may have losing writes of one version, so the key goes on where a condition could not.
          ExclusiveStartKey: after && {
            id: after.id,
            losingVersion: after.losingVersion,
            listing: CONFLICT_LISTING,
          },
        },
        limit,
        isRecentConflict,
      ),
  };
}

/** The callback factory of `GET /conflicts`. */
export function listRecentConflicts(): ApiHandler {
  return apiHandler("listRecentConflicts", listRecentConflictsOperation(recentConflicts()));
}
