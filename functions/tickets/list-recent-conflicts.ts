import { apiHandler, ApiHandler, Operation } from "../http/api";
import { dynamoDB } from "../shared/aws";
import { environmentVariable } from "../shared/environment";
import { CONFLICT_LISTING, ConflictEntry, RECENCY_INDEX } from "../replication/conflict-entry";
import { parseVersion } from "../replication/version";
import { conflictCursor, conflictOf } from "./cursor";
import { isTicketId } from "./ticket-id";
import type { Image } from "../shared/image";
import { Malformed, reportMalformed } from "./malformed-items";
import { firstItems } from "./query";

/** Conflict in the list of the conflicts of all tickets. */
export type RecentConflict = Pick<ConflictEntry, "id" | "losingVersion">;

/** Reads the conflicts of all tickets from the conflict table of a region. */
export interface RecentConflicts {
  /**
   * Returns the conflicts of all tickets, newest losing write first. Skips the conflicts of items whose id is not a ticket id.
   * @param after last conflict of the previous page; undefined for the first page.
   * @param limit maximum number of conflicts.
   */
  newest(after: RecentConflict | undefined, limit: number): Promise<RecentConflict[]>;
}

/**
 * `GET /conflicts?limit=&cursor=`. Returns 200 with a page of conflicts, newest losing write first, and a cursor if there are more.
 */
export function listRecentConflictsOperation(table: RecentConflicts): Operation {
  return async ({ query }) => {
    const { limit, cursor } = query as { limit: number; cursor?: string };
    const after = cursor === undefined ? undefined : conflictOf(cursor);
    const found = await table.newest(after, limit + 1);
    const conflicts = found.slice(0, limit).map(({ id, losingVersion }) => ({ id, losingVersion }));
    const next = found.length > limit ? conflictCursor(conflicts[limit - 1]) : undefined;
    return { status: 200, body: { conflicts, cursor: next } };
  };
}

function isRecentConflict(value: Partial<Record<keyof RecentConflict, unknown>>): boolean {
  return isTicketId(value.id) && parseVersion(value.losingVersion) !== undefined;
}

/** Opens the conflict table that the environment of the function names, in the region of the function. */
function recentConflicts(): RecentConflicts {
  const limits = { connectionTimeout: 1000, requestTimeout: 2000, maxAttempts: 3 };
  const database = dynamoDB(environmentVariable("AWS_REGION"), limits);
  const TableName = environmentVariable("CONFLICT_TABLE_NAME");
  return {
    async newest(after, limit) {
      const malformed: Malformed[] = [];
      const { items } = await firstItems<RecentConflict>(
        database,
        {
          TableName,
          IndexName: RECENCY_INDEX,
          KeyConditionExpression: "listing = :listing",
          ExpressionAttributeValues: { ":listing": { S: CONFLICT_LISTING } },
          ScanIndexForward: false,
          // Two tickets can have the same losing version, so a key condition on the version could skip one of them.
          ExclusiveStartKey: after && {
            id: { S: after.id },
            losingVersion: { S: after.losingVersion },
            listing: { S: CONFLICT_LISTING },
          },
        },
        limit,
        (image) => recentConflict(image, malformed),
      );
      reportMalformed(malformed);
      return items;
    },
  };
}

/** Returns the conflict of an index entry; undefined if the entry is malformed or its item is not a ticket. */
function recentConflict(image: Image, malformed: Malformed[]): RecentConflict | undefined {
  const conflict = { id: image.id?.S ?? "", losingVersion: image.losingVersion?.S ?? "" };
  if (isRecentConflict(conflict)) return conflict;
  if (isTicketId(conflict.id))
    malformed.push({ id: conflict.id, faults: ["losingVersion of a conflict must be a version."] });
  return undefined;
}

/** Callback factory of `GET /conflicts`. */
export function listRecentConflicts(): ApiHandler {
  return apiHandler("listRecentConflicts", listRecentConflictsOperation(recentConflicts()));
}
