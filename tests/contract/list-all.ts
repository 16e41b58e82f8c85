import type { Ticket } from "../../functions/tickets/ticket";
import type { HttpResponse } from "./http-client";
import { assertDocumented } from "./response-check";
import type { RegionUnderTest } from "./two-regions";

/** Returns the tickets of every page of the list. */
export async function listAll({ api, code }: Pick<RegionUnderTest, "api" | "code">): Promise<Ticket[]> {
  const listed: Ticket[] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined;) {
    const response: HttpResponse = await api.get(`/tickets?limit=100${cursor && `&cursor=${cursor}`}`);
    assertDocumented("listTickets", response, code);
    const page = JSON.parse(response.text) as { tickets: Ticket[]; cursor?: string };
    listed.push(...page.tickets);
    cursor = page.cursor;
  }
  return listed;
}
