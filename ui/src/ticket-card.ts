import type { Status, Ticket } from "./api-types";
import { byId, onPress, part, press, setMessage } from "./dom";
import { showTime } from "./time";

/** What a card can do. What a function throws is shown on the card. */
export interface CardActions {
  readonly changeStatus: (ticket: Ticket, status: Status) => Promise<void>;
  readonly remove: (ticket: Ticket) => Promise<void>;
  /** Words for an error. */
  readonly describe: (error: unknown) => string;
  /** The name of the region with an AWS code. */
  readonly regionName: (code: string) => string;
}

/** A description up to this length, in characters, is shown whole. */
const SHORT_DESCRIPTION = 220;

/** One ticket of the list. */
export class TicketCard {
  readonly element: HTMLElement;
  private readonly problem: HTMLElement;
  private readonly statuses: HTMLElement;
  private readonly deleteButton: HTMLButtonElement;
  private busy = false;

  constructor(
    private ticket: Ticket,
    private readonly actions: CardActions,
  ) {
    const content = byId("ticket-card", HTMLTemplateElement).content.cloneNode(true) as DocumentFragment;
    this.element = content.firstElementChild as HTMLElement;
    this.problem = this.part("problem");
    this.statuses = this.part("statuses");
    this.deleteButton = this.part("delete", HTMLButtonElement);
    onPress(
      this.statuses,
      (status) => void this.act(() => actions.changeStatus(this.ticket, status as Status)),
    );
    this.bindDelete();
    this.show(ticket);
  }

  /** Shows the ticket as it is now. Whatever is open on the card stays open. */
  show(ticket: Ticket): void {
    // A new version shows what became of the write that the message was about.
    if (ticket.version !== this.ticket.version) setMessage(this.problem, undefined);
    this.ticket = ticket;
    this.element.dataset.status = ticket.status;
    this.setText("subject", ticket.subject);
    this.setText("priority", ticket.priority);
    this.part("priority-mark").dataset.priority = ticket.priority;
    this.showDescription(ticket.description);
    this.showFact("customer", ticket.customer);
    this.showFact("assignee", ticket.assignee);
    showTime(this.part("created", HTMLTimeElement), ticket.createdAt);
    this.setText("origin", this.actions.regionName(ticket.origin));
    press(this.statuses, ticket.status);
    this.statuses.setAttribute("aria-label", `Status of ${ticket.subject}`);
    this.deleteButton.setAttribute("aria-label", `Delete ${ticket.subject}`);
  }

  private showDescription(text: string): void {
    const long = text.length > SHORT_DESCRIPTION || text.split("\n").length > 4;
    this.setText("description", long ? "" : text);
    this.setText("excerpt", long ? text.slice(0, SHORT_DESCRIPTION).replace(/\s+/g, " ") : "");
    this.setText("whole-description", long ? text : "");
    this.part("description").hidden = long || text === "";
    this.part("long-description").hidden = !long;
  }

  private showFact(name: "customer" | "assignee", value: string): void {
    this.setText(name, value);
    this.part(`${name}-fact`).hidden = value === "";
  }

  private bindDelete(): void {
    const confirm = this.part("confirm");
    const ask = (asking: boolean): void => {
      confirm.hidden = !asking;
      this.part("actions").hidden = asking;
      (asking ? this.part("keep") : this.deleteButton).focus();
    };
    this.deleteButton.addEventListener("click", () => ask(true));
    this.part("keep").addEventListener("click", () => ask(false));
    this.part("confirm-delete").addEventListener("click", () => {
      void this.act(() => this.actions.remove(this.ticket)).then((done) => done || ask(false));
    });
    confirm.addEventListener("keydown", (event) => {
      if (event.key === "Escape") ask(false);
    });
  }

  /** One write at a time; the buttons keep the focus meanwhile. Returns whether it succeeded. */
  private async act(write: () => Promise<void>): Promise<boolean> {
    if (this.busy) return true;
    this.setBusy(true);
    setMessage(this.problem, undefined);
    try {
      await write();
      return true;
    } catch (error) {
      setMessage(this.problem, this.actions.describe(error));
      return false;
    } finally {
      this.setBusy(false);
    }
  }

  private setBusy(busy: boolean): void {
    this.busy = busy;
    this.element.setAttribute("aria-busy", String(busy));
  }

  private setText(name: string, text: string): void {
    const element = this.part(name);
    if (element.textContent !== text) element.textContent = text;
  }

  private part(name: string): HTMLElement;
  private part<T extends HTMLElement>(name: string, type: new () => T): T;
  private part(name: string, type: new () => HTMLElement = HTMLElement): HTMLElement {
    return part(this.element, name, type);
  }
}
