import type { Conflict } from "../../functions/tickets/list-conflicts";
import type { Ticket } from "../../functions/tickets/ticket";

const JSON_HEADERS = { "content-type": "application/json" };

/** Client of the API of one region. */
export class RegionClient {
  constructor(private readonly url: string) {}

  /** Asks, as a browser does, whether a page of another origin may create a ticket. */
  async preflight(): Promise<true> {
    const headers = { origin: "https://app.tickets.test", "access-control-request-method": "POST" };
    const { status } = await fetch(`${this.url}/tickets`, { method: "OPTIONS", headers });
    if (status !== 204) throw new Error(`A preflight was answered with ${status}.`);
    return true;
  }

  /** @param idempotencyKey the same key for a repeated request, which then creates no second ticket. */
  async create(subject: string, idempotencyKey?: string): Promise<Ticket> {
    const response = await fetch(`${this.url}/tickets`, {
      method: "POST",
      headers: { ...JSON_HEADERS, ...(idempotencyKey && { "idempotency-key": idempotencyKey }) },
      body: JSON.stringify({ subject }),
    });
    if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
    return (await response.json()) as Ticket;
  }

  /** Returns a ticket; undefined if the region has none. */
  async find(id: string): Promise<Ticket | undefined> {
    const response = await fetch(`${this.url}/tickets/${id}`);
    if (response.status === 404) return undefined;
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    return (await response.json()) as Ticket;
  }

  async edit(id: string, changes: object): Promise<Ticket> {
    const response = await fetch(`${this.url}/tickets/${id}`, {
      method: "PATCH",
      headers: JSON_HEADERS,
      body: JSON.stringify(changes),
    });
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    return (await response.json()) as Ticket;
  }

  async delete(id: string): Promise<void> {
    const response = await fetch(`${this.url}/tickets/${id}`, { method: "DELETE" });
    if (response.status !== 204) throw new Error(`${response.status}: ${await response.text()}`);
  }

  /** Returns the conflicts of a ticket, newest losing write first. */
  async conflicts(id: string): Promise<Conflict[]> {
    const response = await fetch(`${this.url}/tickets/${id}/conflicts`);
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    return ((await response.json()) as { conflicts: Conflict[] }).conflicts;
  }

  /** Returns the newest 100 tickets, newest first. */
  async list(): Promise<Ticket[]> {
    const response = await fetch(`${this.url}/tickets?limit=100`);
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    return ((await response.json()) as { tickets: Ticket[] }).tickets;
  }

  /** Returns the ids of the newest 100 tickets, newest first. */
  async ids(): Promise<string[]> {
    return (await this.list()).map(({ id }) => id);
  }
}
