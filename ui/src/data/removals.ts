import { ReadonlySignal, Signal, signal } from "@preact/signals";
import type { Clock } from "./browser";

/** Delete that can still be undone. */
export interface PendingRemoval {
  readonly id: string;
  /**
   * Undoes the delete.
   * @returns false when the delete was already sent.
   */
  undo(): boolean;
  /** Pauses the undo period while the undo button is hovered or focused. */
  pauseTimer(): void;
  /** Starts the undo period again from the beginning, after `pauseTimer`. */
  restartTimer(): void;
  /** Sends the delete now. */
  commit(): void;
  /**
   * Resolves to "removed" after the delete, or to "undone". Rejects with the errors of the writes of TicketStore; the ticket is
   * then shown again. Does not need a handler.
   */
  readonly done: Promise<"removed" | "undone">;
}

/** Time in which a delete can be undone, in milliseconds. */
const UNDO_PERIOD_MS = 6_000;

/** Deletes a ticket. `isUnloading` returns whether the user is leaving the web UI. */
type Remove = (isUnloading: () => boolean) => Promise<void>;

/** Deletes that are waiting or in flight. */
export class PendingRemovals {
  private readonly pending: Signal<ReadonlyMap<string, Removal>> = signal(new Map());

  constructor(private readonly clock: Clock) {}

  /** Deletes by ticket id. */
  get all(): ReadonlySignal<ReadonlyMap<string, PendingRemoval>> {
    return this.pending;
  }

  /** Deletes a ticket after the undo period. Returns the existing delete if there is one. */
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

  /** Sends all waiting deletes because the user is leaving the web UI. The requests are sent when this method returns. */
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
