import { ReadonlySignal, Signal, signal } from "@preact/signals";

/** What went wrong with tickets, by ticket id; shown at the ticket until it is dismissed or something else is done with it. */
export class TicketProblems {
  readonly shown: ReadonlySignal<ReadonlyMap<string, string>>;
  private readonly problems: Signal<ReadonlyMap<string, string>> = signal(new Map());

  constructor() {
    this.shown = this.problems;
  }

  show(id: string, text: string): void {
    this.problems.value = new Map(this.problems.peek()).set(id, text);
  }

  dismiss(id: string): void {
    if (!this.problems.peek().has(id)) return;
    const rest = new Map(this.problems.peek());
    rest.delete(id);
    this.problems.value = rest;
  }
}
