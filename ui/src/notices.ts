import { ReadonlySignal, Signal, signal } from "@preact/signals";
import type { PendingRemoval } from "./data/removals";

/** How long a notice without an undo stays, in milliseconds. */
const STAYS = 6_000;

/** How long a problem stays, in milliseconds. */
const PROBLEM_STAYS = 20_000;

/** The most problems that are shown at once. */
const MAXIMUM_PROBLEMS = 3;

/** A short text at the edge of the page, which goes away by itself. */
export interface Notice {
  readonly number: number;
  readonly text: string;
  /** The delete that the notice lets the user take back. */
  readonly removal?: PendingRemoval;
  /** Whether it reports that something failed which the user asked for. */
  readonly isProblem?: boolean;
}

/** What the page says in passing. Only for what can be seen elsewhere too. */
export class Notices {
  readonly shown: ReadonlySignal<readonly Notice[]>;
  private readonly notices: Signal<readonly Notice[]> = signal([]);
  private last = 0;

  constructor() {
    this.shown = this.notices;
  }

  /** Shows a text in place of the one before; problems and deletes that can be undone stay beside it. */
  say(text: string): void {
    this.keep(({ removal, isProblem }) => removal !== undefined || isProblem === true);
    const { number } = this.add({ text });
    setTimeout(() => this.dismiss(number), STAYS);
  }

  /** Reports that something failed which the user asked for. What happens next does not hide it: only time and newer problems do. */
  warn(text: string): void {
    const known = this.notices.peek().filter((notice) => notice.isProblem && notice.text !== text);
    const staying = new Set(known.slice(-(MAXIMUM_PROBLEMS - 1)));
    this.keep((notice) => !notice.isProblem || staying.has(notice));
    const { number } = this.add({ text, isProblem: true });
    setTimeout(() => this.dismiss(number), PROBLEM_STAYS);
  }

  /** Offers to take a delete back, for as long as it can be. */
  offerUndo(text: string, removal: PendingRemoval): void {
    const { number } = this.add({ text, removal });
    const dismiss = (): void => this.dismiss(number);
    removal.done.then(dismiss, dismiss);
  }

  dismiss(number: number): void {
    this.keep((notice) => notice.number !== number);
  }

  private keep(isKept: (notice: Notice) => boolean): void {
    this.notices.value = this.notices.peek().filter(isKept);
  }

  private add(notice: Omit<Notice, "number">): Notice {
    const added = { ...notice, number: ++this.last };
    this.notices.value = [...this.notices.peek(), added];
    return added;
  }
}
