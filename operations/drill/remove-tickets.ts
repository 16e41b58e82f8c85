import { callApi } from "../http-request";
import type { DrillSystem } from "./system";

/** So many tickets are deleted at the same time. */
const PARALLEL = 8;
const LIMIT_MS = 10_000;
const PAGE = 100;

/** What is read of a page of tickets. */
interface TicketPage {
  readonly tickets: readonly { readonly id: string; readonly subject: string; readonly createdAt: string }[];
  readonly cursor?: string | null;
}

/**
 * Deletes the drill's tickets, those too whose making nobody acknowledged; what is deleted in the primary goes in the
 * other region too.
 * @param subject of the drill's tickets.
 * @param since when the first can have been made: ISO 8601.
 * @throws Error when the tickets cannot be listed.
 * @returns how many could not be deleted.
 */
export async function removeTickets(
  { primary }: Pick<DrillSystem, "primary">,
  subject: string,
  since: string,
): Promise<number> {
  const ids = await idsOf(primary.api, subject, since);
  let left = 0;
  for (let start = 0; start < ids.length; start += PARALLEL) {
    const deletions = ids.slice(start, start + PARALLEL).map(async (id) => {
      const call = { method: "DELETE", url: `${primary.api}/tickets/${id}`, limitMs: LIMIT_MS } as const;
      const answer = await callApi(call).catch(() => undefined);
      if (answer?.status !== 204) left++;
    });
    await Promise.all(deletions);
  }
  return left;
}

/** Tickets are listed from the newest on, so the list is read no further than to the drill's beginning. */
async function idsOf(api: string, subject: string, since: string): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null | undefined = ""; typeof cursor === "string";) {
    const from = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const url = `${api}/tickets?limit=${PAGE}${from}`;
    const { status, body } = await callApi({ method: "GET", url, limitMs: LIMIT_MS });
    if (status !== 200) throw new Error(`the list of tickets answered ${status}`);
    const page = body as TicketPage;
    const recent = page.tickets.filter(({ createdAt }) => createdAt >= since);
    ids.push(...recent.filter((ticket) => ticket.subject === subject).map(({ id }) => id));
    cursor = recent.length < page.tickets.length ? undefined : page.cursor;
  }
  return ids;
}
