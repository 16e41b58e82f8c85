import type { Status, StatusFilter, Ticket, TicketDraft } from "./api-types";
import { CreateForm } from "./create-form";
import { byId } from "./dom";
import { freshFetch } from "./fresh-fetch";
import type { PageConfig } from "./page-config";
import { showOrigin, showRegionState } from "./region-status";
import { RegionalClient } from "./regional-client";
import { TicketApi } from "./ticket-api";
import { TicketList } from "./ticket-list";
import { TicketStore } from "./ticket-store";
import { toast } from "./toast";
import { Repetition, whileVisible } from "./while-visible";
import { nameOfCode, readProblemText, writeProblemText } from "./wording";

/** Pauses in milliseconds: between two readings of the list, the same while no region answers, between questions for health. */
const PAUSES = { refresh: 4_000, refreshWhenDown: 1_000, health: 3_000 };

/** The page once it knows its regions: joins the API, what is known of the tickets, and what is shown. */
export class App {
  private readonly client: RegionalClient;
  private readonly api: TicketApi;
  private readonly store: TicketStore;
  private readonly list: TicketList;
  private readonly refreshing: Repetition;

  constructor(private readonly config: PageConfig) {
    this.client = new RegionalClient({
      apis: config.apis,
      preferred: config.region.code,
      fetch: freshFetch,
      onChange: (state) => showRegionState(state, config),
    });
    this.api = new TicketApi(this.client);
    this.store = new TicketStore(this.api, () => this.list.show(this.store));
    this.list = this.makeList();
    new CreateForm({ create: (draft) => this.create(draft), describe: (error) => this.describe(error) });
    showOrigin(config);
    byId("app", HTMLElement).hidden = false;
    this.refreshing = whileVisible(
      () => this.reading(() => this.store.refresh()),
      () => (this.client.state.unanswered > 0 ? PAUSES.refreshWhenDown : PAUSES.refresh),
    );
    whileVisible(
      () => this.client.checkPreferred(),
      () => PAUSES.health,
    );
  }

  private makeList(): TicketList {
    return new TicketList({
      card: {
        changeStatus: (ticket, status) => this.changeStatus(ticket, status),
        remove: (ticket) => this.remove(ticket),
        describe: (error) => this.describe(error),
        regionName: (code) => nameOfCode(code, this.config.apis),
      },
      showStatus: (filter: StatusFilter) => this.reading(() => this.store.show(filter)),
      loadMore: () => this.reading(() => this.store.loadMore()),
    });
  }

  private async create(draft: TicketDraft): Promise<Ticket> {
    const ticket = await this.writing(() => this.api.create(draft));
    const shown = this.store.put(ticket);
    toast(shown ? `Created “${ticket.subject}”.` : `Created “${ticket.subject}”; the filter hides it.`);
    return ticket;
  }

  private async changeStatus({ id }: Ticket, status: Status): Promise<void> {
    const ticket = await this.writing(() => this.api.change(id, { status }));
    this.store.put(ticket);
    toast(`“${ticket.subject}” is ${ticket.status} now.`);
  }

  private async remove({ id, subject }: Ticket): Promise<void> {
    await this.writing(() => this.api.remove(id));
    this.store.drop(id);
    toast(`Deleted “${subject}”.`);
  }

  /** After a write that failed, the list shows what is really there. */
  private async writing<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      this.refreshing.hurry();
      throw error;
    }
  }

  /** A read that fails leaves the list as it is and says why; the next one tries again. */
  private async reading(read: () => Promise<void>): Promise<void> {
    try {
      await read();
      this.list.showProblem(undefined);
    } catch (error) {
      this.list.showProblem(readProblemText(error));
    }
  }

  private describe(error: unknown): string {
    return writeProblemText(error, this.config.apis);
  }
}
