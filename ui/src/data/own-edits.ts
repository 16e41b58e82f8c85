import { ReadonlySignal, Signal, signal } from "@preact/signals";
import type { Edit } from "./edits";

/** The user's edits that are on their way. */
export class OwnEdits {
  private readonly underWay: Signal<ReadonlyMap<string, readonly Edit[]>> = signal(new Map());

  /** By ticket's id, in the order in which they were made. */
  get all(): ReadonlySignal<ReadonlyMap<string, readonly Edit[]>> {
    return this.underWay;
  }

  /** Those of one ticket. */
  of(id: string): readonly Edit[] {
    return this.underWay.peek().get(id) ?? [];
  }

  add(id: string, edit: Edit): void {
    this.underWay.value = new Map(this.underWay.peek()).set(id, [...this.of(id), edit]);
  }

  /** Takes away an edit that has ended. */
  end(id: string, edit: Edit): void {
    const all = new Map(this.underWay.peek());
    const others = this.of(id).filter((other) => other !== edit);
    if (others.length > 0) all.set(id, others);
    else all.delete(id);
    this.underWay.value = all;
  }
}
