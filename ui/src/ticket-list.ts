import type { StatusFilter } from "./api-types";
import { byId, onPress, press, setMessage } from "./dom";
import { CardActions, TicketCard } from "./ticket-card";
import type { TicketStore } from "./ticket-store";

/** What the list needs of the rest of the page. */
export interface TicketListOptions {
  readonly card: CardActions;
  readonly showStatus: (filter: StatusFilter) => Promise<void>;
  readonly loadMore: () => Promise<void>;
}

/** The list of tickets with its filter and its "Load more". */
export class TicketList {
  private readonly list = byId("list", HTMLUListElement);
  private readonly filter = byId("filter", HTMLElement);
  private readonly more = byId("load-more", HTMLButtonElement);
  private readonly cards = new Map<string, TicketCard>();
  private loadingMore = false;

  constructor(private readonly options: TicketListOptions) {
    onPress(this.filter, (filter) => void options.showStatus(filter as StatusFilter));
    this.more.addEventListener("click", () => void this.loadMore());
  }

  /** Shows what the store holds. Cards that stay are changed in place, so nothing jumps and the focus stays. */
  show(store: Pick<TicketStore, "tickets" | "filter" | "pending" | "hasMore">): void {
    press(this.filter, store.filter);
    setMessage(byId("tickets-heading", HTMLElement), headings[store.filter]);
    setMessage(byId("list-note", HTMLElement), noteOf(store));
    this.list.setAttribute("aria-busy", String(store.pending));
    this.showCards(store);
    if (!store.hasMore && document.activeElement === this.more) byId("tickets", HTMLElement).focus();
    this.more.hidden = !store.hasMore;
  }

  /** Says what went wrong with reading, above the list. */
  showProblem(text: string | undefined): void {
    setMessage(byId("list-problem", HTMLElement), text);
  }

  private showCards({ tickets }: Pick<TicketStore, "tickets">): void {
    const ids = new Set(tickets.map((ticket) => ticket.id));
    for (const [id, card] of this.cards) if (!ids.has(id)) this.removeCard(id, card);
    tickets.forEach((ticket, index) => {
      const known = this.cards.get(ticket.id);
      const card = known ?? new TicketCard(ticket, this.options.card);
      known?.show(ticket);
      this.cards.set(ticket.id, card);
      const place = this.list.children[index] ?? null;
      if (place !== card.element) this.list.insertBefore(card.element, place);
    });
  }

  private removeCard(id: string, { element }: TicketCard): void {
    if (element.contains(document.activeElement)) {
      const neighbour = element.nextElementSibling ?? element.previousElementSibling;
      (neighbour instanceof HTMLElement ? neighbour : byId("tickets", HTMLElement)).focus();
    }
    element.remove();
    this.cards.delete(id);
  }

  private async loadMore(): Promise<void> {
    if (this.loadingMore) return;
    this.loadingMore = true;
    this.more.textContent = "Loading…";
    try {
      await this.options.loadMore();
    } finally {
      this.loadingMore = false;
      this.more.textContent = "Load more";
    }
  }
}

const headings: Readonly<Record<StatusFilter, string>> = {
  all: "All tickets",
  open: "Open tickets",
  assigned: "Assigned tickets",
  closed: "Closed tickets",
};

function noteOf({
  tickets,
  filter,
  pending,
}: Pick<TicketStore, "tickets" | "filter" | "pending">): string | undefined {
  if (tickets.length > 0) return undefined;
  if (pending) return "Reading the tickets…";
  return filter === "all"
    ? "There are no tickets yet. Create the first one."
    : `There are no ${filter} tickets.`;
}
