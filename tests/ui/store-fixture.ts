import type { TabStorage } from "../../ui/src/data/browser";
import { RegionalClient } from "../../ui/src/data/regional-client";
import { TicketStore } from "../../ui/src/data/ticket-store";
import { FakeClock } from "./fake-clock";
import { FakeRegions, ireland, singapore } from "./fake-regions";

/** A session's storage in memory. */
function memoryStorage(): TabStorage {
  const kept = new Map<string, string>();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}

/** A store over two fake regions, and the time. */
export class StoreFixture {
  readonly clock = new FakeClock();
  readonly regions = new FakeRegions(this.clock);
  readonly storage = memoryStorage();
  readonly client = this.newClient();
  readonly store = new TicketStore({ client: this.client, clock: this.clock, storage: this.storage });

  /** What the page would be after a reload. */
  reload(): TicketStore {
    return new TicketStore({ client: this.newClient(), clock: this.clock, storage: this.storage });
  }

  /** Creates tickets named by number in Ireland, an hour apart, brings them to Singapore, and reads them. */
  async createTickets(count: number): Promise<void> {
    for (let number = 1; number <= count; number++) {
      this.regions.ireland.create({ subject: String(number) }, ticketId(number));
      await this.clock.advance(3_600_000);
    }
    this.regions.replicate();
    await this.refresh();
    this.regions.takeRequests();
  }

  async refresh(): Promise<void> {
    await this.clock.runUntil(this.store.refresh());
  }

  /** The subjects that are shown. */
  get subjects(): string {
    return this.store.tickets.value.map(({ subject }) => subject).join(" ");
  }

  private newClient(): RegionalClient {
    const { fetch } = this.regions;
    return new RegionalClient({
      ...{ apis: [ireland, singapore], preferred: ireland.code },
      ...{ fetch, clock: this.clock },
    });
  }
}

/** The id of the ticket with a number. */
export function ticketId(number: number): string {
  return `T${String(number).padStart(3, "0")}`;
}
