import { seenAfter } from "../replication/attributes";
import {
  isTooFarAhead,
  MAXIMUM_AHEAD_MS,
  millisecondsAhead,
  nextVersion,
  parseVersion,
} from "../replication/version";
import type { ReplicationAttributes } from "../replication/attributes";
import type { WrittenVersion } from "../http/api";
import { problem, Problem } from "../http/problem";
import { asUncertain } from "../shared/uncertain-write";
import type { TicketTable } from "./table";
import type { FoundItem, StoredTicket } from "./ticket";

/** Dependencies of every write. */
export interface WriteContext {
  readonly table: TicketTable;
  /** AWS region code of the write. */
  readonly region: string;
  /** Returns the current time in milliseconds since the Unix epoch. */
  readonly now: () => number;
}

/** Maximum number of attempts of an optimistic write. */
const ATTEMPTS = 5;

/**
 * Returns the replication attributes of a local write that replaces the item that was read.
 * @throws Problem 503 if the version of that item is so far ahead of this region's clock that one of the two clocks must be wrong.
 */
export function stamp(
  context: WriteContext,
  read: FoundItem | undefined,
): Pick<ReplicationAttributes, "version" | "origin" | "seen"> {
  const { region, now } = context;
  const last = parseVersion(read?.version);
  if (last && isTooFarAhead(last, now())) {
    const ahead = millisecondsAhead(last, now());
    const seconds = Math.ceil((ahead - MAXIMUM_AHEAD_MS) / 1000);
    throw problem(
      503,
      "Clock skew",
      `The ticket's last write is ${Math.round(ahead / 1000)} seconds ahead of this region's clock. Nothing was written. Retry later.`,
      { headers: { "retry-after": String(seconds) } },
    );
  }
  return { version: nextVersion(region, now(), read?.version), origin: region, seen: seenAfter(read) };
}

/** Returns what identifies a write in the logs of both regions. */
export function writeOf({ id, version }: Pick<FoundItem, "id" | "version">): WrittenVersion {
  return { ticketId: id, version };
}

/**
 * Reads an item and writes its next state if the item has not changed in between (optimistic locking). Retries after a lost race.
 * @param change returns the item to write and the result; without `write`, nothing is written. May throw a Problem.
 * @returns the result of the last call of `change`.
 * @throws Problem 409 if every attempt lost the race; every error of the table. `mayBeSaved` of an error is true if the item may be written.
 */
export async function readThenWrite<T extends FoundItem | undefined>(
  context: WriteContext,
  id: string,
  change: (read: FoundItem | undefined) => { readonly write?: StoredTicket; readonly result: T },
): Promise<T> {
  let isUncertain = false;
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const read = await context.table.get(id);
      const { write, result } = change(read);
      if (!write) return result;
      const written = await context.table.put(write, read);
      if (written) return result;
      isUncertain ||= written === undefined;
    }
    throw keepsChanging();
  } catch (error) {
    // Also a rejection, such as a 412: another write may have replaced this one before it was read again.
    throw isUncertain ? asUncertain(error) : error;
  }
}

function keepsChanging(): Problem {
  return problem(
    409,
    "Ticket changed concurrently",
    `${ATTEMPTS} other writes changed the ticket first. Nothing was written. Retry.`,
    {
      headers: { "retry-after": "1" },
    },
  );
}
