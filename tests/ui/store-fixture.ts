import type { TabStorage } from "../../ui/src/data/browser";
import { TicketStore } from "../../ui/src/data/ticket-store";
import { FakeClock } from "./fake-clock";
import { FakeRegions } from "./fake-regions";

/** Creates an in-memory session storage. */
function memoryStorage(): TabStorage {
  const kept = new Map<string, string>();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}

/** Ticket store with two fake regions and a fake clock. */
export class StoreFixture {
  readonly clock = new FakeClock();
  readonly regions = new FakeRegions(this.clock);
  readonly storage = memoryStorage();
  readonly client = this.regions.newClient();
  readonly store = new TicketStore({ client: this.client, clock: this.clock, storage: this.storage });

  /** Creates the store of the web UI after a reload. */
  reload(): TicketStore {
    return new TicketStore({ client: this.regions.newClient(), clock: this.clock, storage: this.storage });
  }

  /** Creates numbered tickets in Ireland, one hour apart, replicates them to Singapore, and reads them. */
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

  /** Subjects of the shown tickets. */
  get subjects(): string {
    return subjectsOf(this.store.tickets.value);
  }

  /** Subjects of the tickets in Ireland's table. */
  get subjectsInIreland(): string {
    return subjectsOf(this.regions.ireland.tickets());
  }

  /** Returns the requests with a method since the last call, and drops the others. */
  takeRequests(method: string): string[] {
    return this.regions.takeRequests().filter((asked) => asked.startsWith(method));
  }
}

/** Returns the subjects of tickets, separated by spaces. */
export function subjectsOf(tickets: readonly { readonly subject: string }[]): string {
  return tickets.map(({ subject }) => subject).join(" ");
}

/** Returns the id of the ticket with a number. */
export function ticketId(number: number): string {
  return `T${String(number).padStart(3, "0")}`;
}
