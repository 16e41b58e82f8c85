import { ReadonlySignal, Signal, signal } from "@preact/signals";
import type { Clock } from "./browser";

/** A delete that can still be taken back. */
export interface PendingRemoval {
  readonly id: string;
  /**
   * Takes the delete back.
   * @returns whether it is taken back; false once it was sent.
   */
  undo(): boolean;
  /** Stops the time, for as long as the user has the undo button under the pointer or focused. */
  hold(): void;
  /** Lets the time begin again from the start, after `hold`. */
  release(): void;
  /** Sends the delete now. */
  commit(): void;
  /**
   * "removed" when the ticket is deleted, "undone" when the user took it back. Rejects with what TicketStore's writes throw;
   * then the ticket is shown again. May be left without a handler.
   */
  readonly done: Promise<"removed" | "undone">;
}

/** How long, in milliseconds, a delete can be taken back. */
const UNDO_TIME = 6_000;

/** Deletes a ticket. `leaving` tells whether the page is being left. */
type Remove = (leaving: () => boolean) => Promise<void>;

/** The tickets that are being deleted. */
export class Removals {
  private readonly underWay: Signal<ReadonlyMap<string, Removal>> = signal(new Map());

  constructor(private readonly clock: Clock) {}

  /** By ticket's id. */
  get all(): ReadonlySignal<ReadonlyMap<string, PendingRemoval>> {
    return this.underWay;
  }

  /** Deletes a ticket after a while. While it is on its way, asking again gives the same removal. */
  begin(id: string, remove: Remove): PendingRemoval {
    const known = this.underWay.peek().get(id);
    if (known) return known;
    const removal = new Removal(id, this.clock, remove);
    this.underWay.value = new Map(this.underWay.peek()).set(id, removal);
    const end = (): void => {
      const others = new Map(this.underWay.peek());
      others.delete(id);
      this.underWay.value = others;
    };
    removal.done.then(end, end);
    return removal;
  }

  /** Sends every delete that waits, because the page is being left. The requests have left when this returns. */
  leave(): void {
    for (const removal of this.underWay.peek().values()) removal.leave();
  }
}

class Removal implements PendingRemoval {
  readonly done: Promise<"removed" | "undone">;
  private settle!: (end: "undone" | Promise<"removed">) => void;
  private stopTime: () => void = () => undefined;
  private waiting = true;
  private leaving = false;

  constructor(
    readonly id: string,
    private readonly clock: Clock,
    private readonly remove: Remove,
  ) {
    this.done = new Promise((resolve) => (this.settle = resolve));
    this.release();
  }

  undo(): boolean {
    const inTime = this.stopWaiting();
    if (inTime) this.settle("undone");
    return inTime;
  }

  hold(): void {
    this.stopTime();
  }

  release(): void {
    this.stopTime();
    if (this.waiting) this.stopTime = this.clock.after(UNDO_TIME, () => this.commit());
  }

  commit(): void {
    if (this.stopWaiting()) this.settle(this.remove(() => this.leaving).then(() => "removed"));
  }

  leave(): void {
    this.leaving = true;
    this.commit();
  }

  private stopWaiting(): boolean {
    const waited = this.waiting;
    this.waiting = false;
    this.stopTime();
    return waited;
  }
}
