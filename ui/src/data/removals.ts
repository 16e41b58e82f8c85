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
  pauseTimer(): void;
  /** Lets the time begin again from the start, after `hold`. */
  restartTimer(): void;
  /** Sends the delete now. */
  commit(): void;
  /**
   * "removed" when the ticket is deleted, "undone" when the user took it back. Rejects with what TicketStore's writes throw;
   * then the ticket is shown again. May be left without a handler.
   */
  readonly done: Promise<"removed" | "undone">;
}

/** How long, in milliseconds, a delete can be taken back. */
const UNDO_PERIOD_MS = 6_000;

/** Deletes a ticket. `leaving` tells whether the page is being left. */
type Remove = (leaving: () => boolean) => Promise<void>;

/** The tickets that are being deleted. */
export class PendingRemovals {
  private readonly pending: Signal<ReadonlyMap<string, Removal>> = signal(new Map());

  constructor(private readonly clock: Clock) {}

  /** By ticket's id. */
  get all(): ReadonlySignal<ReadonlyMap<string, PendingRemoval>> {
    return this.pending;
  }

  /** Deletes a ticket after a while. While it is on its way, asking again gives the same removal. */
  begin(id: string, remove: Remove): PendingRemoval {
    const known = this.pending.peek().get(id);
    if (known) return known;
    const removal = new Removal(id, this.clock, remove);
    this.pending.value = new Map(this.pending.peek()).set(id, removal);
    const end = (): void => {
      const others = new Map(this.pending.peek());
      others.delete(id);
      this.pending.value = others;
    };
    removal.done.then(end, end);
    return removal;
  }

  /** Sends every delete that waits, because the page is being left. The requests have left when this returns. */
  sendAll(): void {
    for (const removal of this.pending.peek().values()) removal.sendOnUnload();
  }
}

class Removal implements PendingRemoval {
  readonly done: Promise<"removed" | "undone">;
  private resolveDone!: (end: "undone" | Promise<"removed">) => void;
  private cancelTimer: () => void = () => undefined;
  private waiting = true;
  private isUnloading = false;

  constructor(
    readonly id: string,
    private readonly clock: Clock,
    private readonly remove: Remove,
  ) {
    this.done = new Promise((resolve) => (this.resolveDone = resolve));
    this.restartTimer();
  }

  undo(): boolean {
    const inTime = this.stopWaiting();
    if (inTime) this.resolveDone("undone");
    return inTime;
  }

  pauseTimer(): void {
    this.cancelTimer();
  }

  restartTimer(): void {
    this.cancelTimer();
    if (this.waiting) this.cancelTimer = this.clock.after(UNDO_PERIOD_MS, () => this.commit());
  }

  commit(): void {
    if (this.stopWaiting()) this.resolveDone(this.remove(() => this.isUnloading).then(() => "removed"));
  }

  sendOnUnload(): void {
    this.isUnloading = true;
    this.commit();
  }

  private stopWaiting(): boolean {
    const waited = this.waiting;
    this.waiting = false;
    this.cancelTimer();
    return waited;
  }
}
