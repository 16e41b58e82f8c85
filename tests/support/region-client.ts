import type { Ticket } from "../../functions/tickets/ticket";

/** A client of one region's API. */
export class RegionClient {
  constructor(private readonly url: string) {}

  async create(subject: string): Promise<Ticket> {
    const response = await fetch(`${this.url}/tickets`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ subject }),
    });
    if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
    return (await response.json()) as Ticket;
  }

  /** The ticket; undefined when the region has none. */
  async find(id: string): Promise<Ticket | undefined> {
    const response = await fetch(`${this.url}/tickets/${id}`);
    if (response.status === 404) return undefined;
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    return (await response.json()) as Ticket;
  }

  /** The newest tickets, newest first. */
  async list(): Promise<Ticket[]> {
    const response = await fetch(`${this.url}/tickets`);
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    return ((await response.json()) as { tickets: Ticket[] }).tickets;
  }

  /** The ids of the newest tickets, newest first. */
  async ids(): Promise<string[]> {
    return (await this.list()).map(({ id }) => id);
  }
}
