import { apiHandler, ApiHandler, Operation } from "../http/api";
import { environmentVariable } from "../shared/environment";
import { writeMetrics } from "../shared/metrics";
import { expectMatch, precondition } from "./etag";
import { ticketTable } from "./table";
import { FoundItem, StoredTicket } from "./ticket";
import { readThenWrite, stamp, WriteContext } from "./writes";

/**
 * How long a tombstone stays, in seconds: 30 days, longer than stream retention (one day), the longest outage and the
 * time between two reconciliations together, so that no older write can come after it is gone.
 */
export const TOMBSTONE_SECONDS = 30 * 24 * 60 * 60;

/** How many tombstones were written for ids under which this region had no item. */
const UNKNOWN_IDS_DELETED = "UnknownIdsDeleted";

/** What deleting a ticket needs besides a table. */
export interface DeleteContext extends WriteContext {
  /** Called when a tombstone was written for an id under which this region had no item. */
  readonly onUnknownId?: () => void;
}

/**
 * `DELETE /tickets/{id}`: 204. Leaves a tombstone, also for a ticket that has not arrived here yet; a second delete
 * finds it and writes nothing. With If-Match, 412 unless the ticket has one of its ETags, or was deleted over one of them.
 */
export function deleteTicketOperation(context: DeleteContext): Operation {
  return async ({ pathParameters, headers }) => {
    const id = pathParameters.id as string;
    const condition = precondition(headers["if-match"]);
    let isUnknown = false;
    await readThenWrite<FoundItem>(context, id, (read) => {
      isUnknown = read === undefined;
      if (read?.deleted && condition.isWrittenOverMatch(read)) return { result: read };
      expectMatch(condition, read);
      const expiresAt = Math.floor(context.now() / 1000) + TOMBSTONE_SECONDS;
      const write: StoredTicket = { id, deleted: true, expiresAt, ...stamp(context, read) };
      return { write, result: write };
    });
    if (isUnknown) context.onUnknownId?.();
    return { status: 204 };
  };
}

/** The callback factory of `DELETE /tickets/{id}`. */
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
