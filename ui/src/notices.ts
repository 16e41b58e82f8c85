import { ReadonlySignal, Signal, signal } from "@preact/signals";
import type { PendingRemoval } from "./data/removals";

/** How long a notice without an undo stays, in milliseconds. */
const STAYS = 6_000;

/** A short text at the edge of the page, which goes away by itself. */
export interface Notice {
  readonly number: number;
  readonly text: string;
  /** The delete that the notice lets the user take back. */
  readonly removal?: PendingRemoval;
}

/** What the page says in passing. Only for what can be seen elsewhere too. */
export class Notices {
  readonly shown: ReadonlySignal<readonly Notice[]>;
  private readonly notices: Signal<readonly Notice[]> = signal([]);
  private last = 0;

  constructor() {
    this.shown = this.notices;
  }

  /** Says something instead of what was said before. */
  say(text: string): void {
    this.notices.value = this.notices.peek().filter(({ removal }) => removal !== undefined);
    const { number } = this.add({ text });
    setTimeout(() => this.dismiss(number), STAYS);
  }

  /** Offers to take a delete back, for as long as it can be. */
  offerUndo(text: string, removal: PendingRemoval): void {
    const { number } = this.add({ text, removal });
    const dismiss = (): void => this.dismiss(number);
    removal.done.then(dismiss, dismiss);
  }

  dismiss(number: number): void {
    this.notices.value = this.notices.peek().filter((notice) => notice.number !== number);
  }

  private add(notice: Omit<Notice, "number">): Notice {
    const added = { ...notice, number: ++this.last };
    this.notices.value = [...this.notices.peek(), added];
    return added;
  }
}
