import type { StatusFilter, Ticket, TicketPage } from "./api-types";

/** Where the listing is read. */
export interface TicketSource {
  list(filter: StatusFilter, cursor?: string): Promise<TicketPage>;
}

/** The tickets that are shown: the first pages of the listing under a filter, as last read. */
export class TicketStore {
  private ticketsShown: readonly Ticket[] = [];
  private cursor: string | undefined;
  private pages = 1;
  private filterWanted: StatusFilter = "all";
  private filterShown: StatusFilter | undefined;
  /** Rises with every change, so that what was asked before it is known to be out of date. */
  private edition = 0;

  /** @param onChange called when what is shown has changed. */
  constructor(
    private readonly source: TicketSource,
    private readonly onChange: () => void,
  ) {}

  get tickets(): readonly Ticket[] {
    return this.ticketsShown;
  }

  get filter(): StatusFilter {
    return this.filterWanted;
  }

  /** Whether the tickets under the wanted filter have not been read yet. */
  get pending(): boolean {
    return this.filterShown !== this.filterWanted;
  }

  get hasMore(): boolean {
    return this.cursor !== undefined && !this.pending;
  }

  /** Reads again every page that is shown. Dropped when something newer happened meanwhile. */
  async refresh(): Promise<void> {
    const edition = ++this.edition;
    const filter = this.filterWanted;
    let page = await this.source.list(filter);
    const tickets = [...page.tickets];
    for (let read = 1; read < this.pages && page.cursor !== undefined; read++) {
      page = await this.source.list(filter, page.cursor);
      tickets.push(...page.tickets);
    }
    if (edition !== this.edition) return;
    this.filterShown = filter;
    this.set(tickets, page.cursor);
  }

  /** Shows the tickets of another status. They appear when they have been read. */
  async show(filter: StatusFilter): Promise<void> {
    this.filterWanted = filter;
    this.pages = 1;
    this.onChange();
    await this.refresh();
  }

  /** Reads the next page. */
  async loadMore(): Promise<void> {
    if (!this.hasMore) return;
    const { edition, filterWanted: filter } = this;
    const page = await this.source.list(filter, this.cursor);
    if (filter !== this.filterWanted) return;
    this.pages++;
    // The page before may end elsewhere now, so what was read might not follow on it.
    if (edition !== this.edition) return this.refresh();
    this.set([...this.ticketsShown, ...page.tickets], page.cursor);
  }

  /** Takes in a ticket that was created or changed here. Returns whether the filter shows it. */
  put(ticket: Ticket): boolean {
    const others = this.ticketsShown.filter((shown) => shown.id !== ticket.id);
    const matches = this.filterWanted === "all" || this.filterWanted === ticket.status;
    this.set(matches ? [...others, ticket].sort(newestFirst) : others, this.cursor);
    return matches;
  }

  /** Takes out a ticket that was deleted here. */
  drop(id: string): void {
    this.set(
      this.ticketsShown.filter((shown) => shown.id !== id),
      this.cursor,
    );
  }

  private set(tickets: readonly Ticket[], cursor: string | undefined): void {
    this.edition++;
    this.ticketsShown = newestOfEach(tickets);
    this.cursor = cursor;
    this.onChange();
  }
}

/** A ticket whose status changes while pages are read can be on two of them. */
function newestOfEach(tickets: readonly Ticket[]): Ticket[] {
  const newest = new Map<string, Ticket>();
  for (const ticket of tickets) {
    const known = newest.get(ticket.id);
    if (!known || known.version < ticket.version) newest.set(ticket.id, ticket);
  }
  return [...newest.values()];
}

function newestFirst(one: Ticket, other: Ticket): number {
  const [a, b] = [one.createdAt + one.id, other.createdAt + other.id];
  return a < b ? 1 : a > b ? -1 : 0;
}
