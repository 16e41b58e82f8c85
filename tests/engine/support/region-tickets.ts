import type { Ticket } from "../../../functions/tickets/ticket";
import { RegionClient } from "../../support/region-client";
import { waitFor } from "../../support/wait-for";
import type { StackUnderTest } from "./engine-cloud";

/** Returns a client of the API of each region of a deployed stack. */
export async function regionClients(stack: StackUnderTest): Promise<RegionClient[]> {
  const { regions } = (await stack.outputs()) as { regions: Record<string, { api: string }> };
  return Object.values(regions).map(({ api }) => new RegionClient(api));
}

/** Writes a ticket in each region and waits until every region has all of them. */
export async function writeTickets(clients: readonly RegionClient[], subject: string): Promise<Ticket[]> {
  const tickets = await Promise.all(clients.map((client) => client.create(subject)));
  for (const client of clients)
    for (const { id } of tickets)
      await waitFor(() => client.find(id), { what: `ticket ${id} in the other region` });
  return tickets;
}
