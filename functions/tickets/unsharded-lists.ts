import type { DynamoDB } from "../shared/aws";
import { ASSIGNEE_INDEX, STATUS_INDEX } from "./list-indexes";
import { listedTicket } from "./listed-ticket";
import { assigneeStatus } from "./listing-attributes";
import { FoundTickets, MAXIMUM_SKIPPED, type TicketLists } from "./lists";
import { Malformed, reportMalformed } from "./malformed-items";
import { firstItems } from "./query";
import type { TicketItem } from "./ticket";
import type { Status } from "./ticket-attributes";

/** Lists from the indexes `byStatus` and `byAssignee`, which project whole items. Only for a table whose sharded indexes are being added. */
export function unshardedLists(database: DynamoDB, TableName: string): TicketLists {
  return {
    async newest({ statuses, assignee }, before, limit) {
      const malformed: Malformed[] = [];
      const newestOf = async (status: Status): Promise<FoundTickets> => {
        const [IndexName, hashKey, hashValue] =
          assignee === undefined
            ? [STATUS_INDEX, "status", status]
            : [ASSIGNEE_INDEX, "assigneeStatus", assigneeStatus(status, assignee)];
        const { items, stoppedAt } = await firstItems<TicketItem>(
          database,
          {
            TableName,
            IndexName,
            KeyConditionExpression: before ? "#hash = :hash AND listSortKey < :before" : "#hash = :hash",
            ExpressionAttributeNames: { "#hash": hashKey },
            ExpressionAttributeValues: {
              ":hash": { S: hashValue },
              ...(before && { ":before": { S: before } }),
            },
            ScanIndexForward: false,
          },
          limit,
          (image) => listedTicket(image, malformed),
          MAXIMUM_SKIPPED,
        );
        return { items, stoppedAt: stoppedAt?.listSortKey.S };
      };
      const found = await Promise.all(statuses.map(newestOf));
      reportMalformed(malformed);
      return merged(found, limit);
    },
  };
}

/** Merges the newest tickets of several statuses. */
export function merged(found: readonly FoundTickets[], limit: number): FoundTickets {
  // A query that stopped early can have more tickets after its stop, so the result ends at the first stop.
  const stop = found.reduce((latest, { stoppedAt = "" }) => (latest > stoppedAt ? latest : stoppedAt), "");
  const newest = newestFirst(found.flatMap(({ items }) => items));
  const whole = newest.filter(({ listSortKey }) => listSortKey >= stop);
  return { items: whole.slice(0, limit), stoppedAt: stop === "" ? undefined : stop };
}

function newestFirst(items: readonly TicketItem[]): TicketItem[] {
  // Two queries can both return a ticket whose status changes between them. The newer version counts.
  const byId = new Map<string, TicketItem>();
  for (const item of items) {
    const other = byId.get(item.id);
    if (!other || other.version < item.version) byId.set(item.id, item);
  }
  return [...byId.values()].sort((left, right) => (left.listSortKey < right.listSortKey ? 1 : -1));
}
