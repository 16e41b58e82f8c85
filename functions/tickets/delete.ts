import { apiHandler, ApiHandler, Operation } from "../http/api";
import { environmentVariable } from "../shared/environment";
import { writeMetrics } from "../shared/metrics";
import { expectMatch, precondition } from "./etag";
import { ticketTable } from "./table";
import { FoundItem, StoredTicket } from "./ticket";
import { readThenWrite, stamp, WriteContext, writeOf } from "./writes";

/**
 * Time to live of a tombstone in seconds: 30 days. It exceeds stream retention (24 hours) + the longest outage + the reconcile
 * period, so that no older write can arrive after the tombstone has expired.
 */
export const TOMBSTONE_SECONDS = 30 * 24 * 60 * 60;

/** Metric: number of tombstones written for ids without an item in this region. */
const UNKNOWN_IDS_DELETED = "UnknownIdsDeleted";

/** Dependencies of `DELETE /tickets/{id}`. */
export interface DeleteContext extends WriteContext {
  /** Called after a tombstone was written for an id without an item in this region. */
  readonly onUnknownId?: () => void;
}

/**
 * `DELETE /tickets/{id}`. Returns 204 and writes a tombstone, also for a ticket that has not reached this region yet. A second delete
 * writes nothing. With If-Match, returns 412 unless the ticket has one of the ETags or was deleted in one of these versions.
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
      if (read?.deleted && condition.wasMetBefore(read)) return { result: read };
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
