import type { TicketFilter } from "./data/api-types";
import { STATUSES } from "./words";

/** The filter in the page's address, so that a reload and a bookmark keep it. What is no filter is passed over. */
export function filterOfAddress(): TicketFilter {
  const query = new URLSearchParams(location.search);
  const status = STATUSES.find((known) => known === query.get("status"));
  const assignee = query.get("assignee") ?? undefined;
  return { ...(status && { status }), ...(assignee !== undefined && { assignee }) };
}

/** Writes a filter into the page's address. */
export function rememberFilter({ status, assignee }: TicketFilter): void {
  const query = new URLSearchParams();
  if (status !== undefined) query.set("status", status);
  if (assignee !== undefined) query.set("assignee", assignee);
  const search = query.size > 0 ? `?${query}` : "";
  if (search !== location.search)
    history.replaceState(null, "", `${location.pathname}${search}${location.hash}`);
}
