import { type Change, DNS, TAKEOVER } from "./observations";

/** Gives a value's text now. Rejects, or gives undefined, when it cannot be told; then the last one stays. */
export type Ask = () => Promise<string | undefined>;

/** Something that is watched. */
export interface Subject {
  readonly ask: Ask;
  /** Between an answer and the next question, in milliseconds. */
  readonly everyMs: number;
}

/** Watches values and keeps every change with its time. */
export class Observer {
  readonly changes: Change[] = [];
  private readonly last = new Map<string, string>();
  private readonly loops: Promise<void>[] = [];
  private stopped = false;

  /** @param subjects by their names. */
  constructor(
    private readonly subjects: Readonly<Record<string, Subject>>,
    private readonly onChange: (change: Change) => void,
  ) {}

  start(): void {
    for (const [name, subject] of Object.entries(this.subjects)) this.loops.push(this.watch(name, subject));
  }

  /** The nickname of the region that DNS answers; undefined before the first answer. */
  get dns(): string | undefined {
    return this.last.get(DNS);
  }

  /** Undefined when the stack has no takeover, or its region has not told yet. */
  get takenOver(): boolean | undefined {
    const value = this.last.get(TAKEOVER);
    return value === undefined ? undefined : value === "yes";
  }

  valueOf(subject: string): string | undefined {
    return this.last.get(subject);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.loops);
  }

  private async watch(subject: string, { ask, everyMs }: Subject): Promise<void> {
    while (!this.stopped) {
      const value = await ask().catch(() => undefined);
      if (value !== undefined && value !== this.last.get(subject)) {
        this.last.set(subject, value);
        const change = { at: Date.now(), subject, value };
        this.changes.push(change);
        this.onChange(change);
      }
      await new Promise((next) => setTimeout(next, everyMs));
    }
  }
}
