import { ReadonlySignal, Signal, signal } from "@preact/signals";
import type { Edit } from "./edits";

/** The user's edits that are on their way. */
export class PendingEdits {
  private readonly pending: Signal<ReadonlyMap<string, readonly Edit[]>> = signal(new Map());

  /** By ticket's id, in the order in which they were made. */
  get all(): ReadonlySignal<ReadonlyMap<string, readonly Edit[]>> {
    return this.pending;
  }

  /** Those of one ticket. */
  of(id: string): readonly Edit[] {
    return this.pending.peek().get(id) ?? [];
  }

  add(id: string, edit: Edit): void {
    this.pending.value = new Map(this.pending.peek()).set(id, [...this.of(id), edit]);
  }

  /** Takes away an edit that has ended. */
  remove(id: string, edit: Edit): void {
    const all = new Map(this.pending.peek());
    const others = this.of(id).filter((other) => other !== edit);
    if (others.length > 0) all.set(id, others);
    else all.delete(id);
    this.pending.value = all;
  }
}
