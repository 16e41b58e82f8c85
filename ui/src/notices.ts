import { ReadonlySignal, Signal, signal } from "@preact/signals";
import type { PendingRemoval } from "./data/removals";

/** How long a notice without an undo stays, in milliseconds. */
const NOTICE_MS = 6_000;

/** How long a problem stays, in milliseconds. */
const PROBLEM_MS = 20_000;

/** The most problems that are shown at once. */
const MAX_PROBLEMS = 3;

/** A short text at the edge of the page, which goes away by itself. */
export interface Notice {
  readonly id: number;
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
  private lastId = 0;

  constructor() {
    this.shown = this.notices;
  }

  /** Shows a text in place of the one before; problems and deletes that can be undone stay beside it. */
  show(text: string): void {
    this.keep(({ removal, isProblem }) => removal !== undefined || isProblem === true);
    const { id } = this.add({ text });
    setTimeout(() => this.dismiss(id), NOTICE_MS);
  }

  /** Reports that something failed which the user asked for. What happens next does not hide it: only time and newer problems do. */
  showProblem(text: string): void {
    const known = this.notices.peek().filter((notice) => notice.isProblem && notice.text !== text);
    const staying = new Set(known.slice(-(MAX_PROBLEMS - 1)));
    this.keep((notice) => !notice.isProblem || staying.has(notice));
    const { id } = this.add({ text, isProblem: true });
    setTimeout(() => this.dismiss(id), PROBLEM_MS);
  }

  /** Offers to take a delete back, for as long as it can be. */
  offerUndo(text: string, removal: PendingRemoval): void {
    const { id } = this.add({ text, removal });
    const dismiss = (): void => this.dismiss(id);
    removal.done.then(dismiss, dismiss);
  }

  dismiss(id: number): void {
    this.keep((notice) => notice.id !== id);
  }

  private keep(isKept: (notice: Notice) => boolean): void {
    this.notices.value = this.notices.peek().filter(isKept);
  }

  private add(notice: Omit<Notice, "id">): Notice {
    const added = { ...notice, id: ++this.lastId };
    this.notices.value = [...this.notices.peek(), added];
    return added;
  }
}
