import { ulid } from "ulid";
import { formatVersion } from "../../functions/replication/version";
import type { Ticket } from "../../functions/tickets/ticket";
import { ticketItem } from "../../testing/tickets";
import type { HttpClient, HttpResponse } from "./http-client";
import type { TableAccess } from "./table-access";

/** Region of the cases, and the id of a ticket that had conflicts with the other region. */
export interface ContractContext {
  readonly api: HttpClient;
  readonly tables: TableAccess;
  /** AWS region code. */
  readonly region: string;
  readonly disputedId: string;
  /** Performs an action while DynamoDB applies the writes of the region's functions and responds to none. */
  readonly whileUnanswered: <T>(action: () => Promise<T>) => Promise<T>;
}

const FAR_AHEAD_MS = 3_600_000;
/** Maximum number of tickets that are tried until a write loses every race. */
const RACES = 20;

/** Creates a ticket. */
export async function newTicket(api: HttpClient): Promise<Ticket> {
  return JSON.parse((await api.sendJson("POST", "/tickets", { subject: "Any" })).text) as Ticket;
}

/** Creates a ticket and returns its path. */
export async function newPath(api: HttpClient): Promise<string> {
  return `/tickets/${(await newTicket(api)).id}`;
}

/** Writes tickets while others change them, and returns the first response that is not a success. */
export async function lostRace(
  { api, tables }: ContractContext,
  write: (path: string) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  for (let race = 1; ; race++) {
    const { id } = await newTicket(api);
    const last = await tables.whileChanging(id, () => write(`/tickets/${id}`));
    if (last.status >= 300 || race === RACES) return last;
  }
}

/** Returns the path of a ticket that was written with a clock one hour ahead. */
export async function pathFromTheFuture({ tables, region }: ContractContext): Promise<string> {
  const version = formatVersion({ milliseconds: Date.now() + FAR_AHEAD_MS, counter: 0, region });
  const item = ticketItem({ id: ulid(), version, origin: region });
  await tables.store(item);
  return `/tickets/${item.id}`;
}
