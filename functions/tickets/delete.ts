import { apiHandler, ApiHandler, Operation } from "../http/api";
import { environmentVariable } from "../shared/environment";
import { writeMetrics } from "../shared/metrics";
import { expectMatch, precondition } from "./etag";
import { ticketTable } from "./table";
import { FoundItem, StoredTicket, Tombstone } from "./ticket";
import { readThenWrite, stamp, WriteContext, writeOf } from "./writes";

/**
 * Time to live of a tombstone in seconds: 30 days. It exceeds stream retention (24 hours) + the longest outage + the reconcile
 * period, so that no older write can arrive after the tombstone has expired.
 */
export const TOMBSTONE_SECONDS = 30 * 24 * 60 * 60;

/**
 * Age from which a delete renews a tombstone, in seconds: one day. A client that receives 204 relies on the tombstone, and an expired
 * one can be read for some days: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html. So each 204
 * leaves a tombstone for at least 29 days, and deletes that are sent again soon write nothing.
 */
const RENEWAL_SECONDS = 24 * 60 * 60;

/** Metric: number of tombstones written for ids without an item in this region. */
const UNKNOWN_IDS_DELETED = "UnknownIdsDeleted";

/** Dependencies of `DELETE /tickets/{id}`. */
export interface DeleteContext extends WriteContext {
  /** Called after a tombstone was written for an id without an item in this region. */
  readonly onUnknownId?: () => void;
}

/**
 * `DELETE /tickets/{id}`. Returns 204 and writes a tombstone, also for a ticket that has not reached this region yet. A second delete
 * within a day writes nothing, a later one renews the tombstone. With If-Match, returns 412 unless the ticket has one of the ETags or
 * was deleted in one of these versions within a day.
 */
export function deleteTicketOperation(context: DeleteContext): Operation {
  return async ({ pathParameters, headers }) => {
    const id = pathParameters.id as string;
    const condition = precondition(headers["if-match"]);
    let isUnknown = false;
    let isWritten = false;
    const deleted = await readThenWrite<FoundItem>(context, id, (read) => {
      isUnknown = read === undefined;
      isWritten = false;
      if (read?.deleted && !isOld(read, context.now()) && condition.wasMetBefore(read))
        return { result: read };
      // An old tombstone may be purged soon. It counts as an absent item, so that both have the same response.
      expectMatch(condition, read);
      const expiresAt = Math.floor(context.now() / 1000) + TOMBSTONE_SECONDS;
      isWritten = true;
      const write: StoredTicket = { id, deleted: true, expiresAt, ...stamp(context, read) };
      return { write, result: write };
    });
    if (isUnknown) context.onUnknownId?.();
    return isWritten ? { status: 204, written: writeOf(deleted) } : { status: 204 };
  };
}

/** Returns whether a tombstone is so old that a delete renews it. @param now milliseconds since 1970. */
function isOld({ expiresAt }: Tombstone, now: number): boolean {
  return expiresAt - now / 1000 < TOMBSTONE_SECONDS - RENEWAL_SECONDS;
}

/** Callback factory of `DELETE /tickets/{id}`. */
export function deleteTicket(): ApiHandler {
  const region = environmentVariable("AWS_REGION");
  return apiHandler(
    "deleteTicket",
    deleteTicketOperation({
      table: ticketTable(),
      region,
      now: () => Date.now(),
      onUnknownId: countUnknownId,
    }),
  );
}

function countUnknownId(): void {
  writeMetrics({
    timestamp: Date.now(),
    dimensions: { FunctionName: environmentVariable("AWS_LAMBDA_FUNCTION_NAME") },
    metrics: { [UNKNOWN_IDS_DELETED]: { unit: "Count", values: [1] } },
  });
}
