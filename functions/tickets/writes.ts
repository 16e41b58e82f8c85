import { seenAfter } from "../replication/attributes";
import {
  isTooFarAhead,
  MAXIMUM_AHEAD_MS,
  millisecondsAhead,
  nextVersion,
  parseVersion,
} from "../replication/version";
import type { ReplicationAttributes } from "../replication/attributes";
import { problem } from "../http/problem";
import type { TicketTable } from "./table";
import type { FoundItem, StoredTicket } from "./ticket";

/** What every writing operation needs of its surroundings. */
export interface WriteContext {
  readonly table: TicketTable;
  /** AWS code of the region that writes. */
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const ATTEMPTS = 5;

/**
 * The replication attributes of a local write over what was read.
 * @throws Problem 503 when what was read is so far ahead of this region's clock that one of the two clocks is wrong.
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

/**
 * Reads an item, makes the next from it, and writes that if nobody wrote in between; tries again when somebody did.
 * @param change gives the item to write, or undefined to leave things as they are; may throw a Problem.
 * @returns what is stored afterwards.
 * @throws Problem 409 when the race was lost again and again.
 */
export async function readThenWrite<T extends FoundItem | undefined>(
  context: WriteContext,
  id: string,
  change: (read: FoundItem | undefined) => { readonly write?: StoredTicket; readonly result: T },
): Promise<T> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const read = await context.table.get(id);
    const { write, result } = change(read);
    if (!write || (await context.table.put(write, read))) return result;
  }
  throw problem(
    409,
    "Ticket changed concurrently",
    `${ATTEMPTS} other writes changed the ticket first. Nothing was written. Retry.`,
    {
      headers: { "retry-after": "1" },
    },
  );
}
