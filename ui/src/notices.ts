import { ReadonlySignal, Signal, signal } from "@preact/signals";
import type { PendingRemoval } from "./data/removals";

/** Display time of a notice without undo, in milliseconds. */
const NOTICE_MS = 6_000;

/** Display time of a problem, in milliseconds. */
const PROBLEM_MS = 20_000;

/** Maximum number of problems shown at the same time. */
const MAX_PROBLEMS = 3;

/** Short text that disappears after a few seconds. */
export interface Notice {
  readonly id: number;
  readonly text: string;
  /** Delete that the user can undo. */
  readonly removal?: PendingRemoval;
  /** Whether the notice reports a failed action of the user. */
  readonly isProblem?: boolean;
}

/** Notices about changes that the web UI also shows elsewhere. */
export class Notices {
  readonly shown: ReadonlySignal<readonly Notice[]>;
  private readonly notices: Signal<readonly Notice[]> = signal([]);
  private lastId = 0;

  constructor() {
    this.shown = this.notices;
  }

  /** Shows a text in place of the previous one. Problems and deletes that can be undone remain. */
  show(text: string): void {
    this.keep(({ removal, isProblem }) => removal !== undefined || isProblem === true);
    const { id } = this.add({ text });
    setTimeout(() => this.dismiss(id), NOTICE_MS);
  }

  /** Reports a failed action of the user. Other notices do not replace it: only newer problems do. */
  showProblem(text: string): void {
    const known = this.notices.peek().filter((notice) => notice.isProblem && notice.text !== text);
    const staying = new Set(known.slice(-(MAX_PROBLEMS - 1)));
    this.keep((notice) => !notice.isProblem || staying.has(notice));
    const { id } = this.add({ text, isProblem: true });
    setTimeout(() => this.dismiss(id), PROBLEM_MS);
  }

  /** Offers to undo a delete until it is sent. */
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

/** Errors of single tickets by id, shown at the ticket until the user dismisses them or starts another action. */
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
