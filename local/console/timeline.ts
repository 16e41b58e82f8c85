/** Something that happened, for the console's timeline. */
export interface TimelineEvent {
  /** Counts the events of a run. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The region's nickname; absent for what concerns no single region. */
  readonly region?: string;
  readonly text: string;
}

const KEPT = 100;

/** The last events, newest first. */
export class Timeline {
  private readonly events: TimelineEvent[] = [];
  private count = 0;

  add(text: string, region?: string): void {
    this.count += 1;
    this.events.unshift({ number: this.count, at: Date.now(), region, text });
    this.events.length = Math.min(this.events.length, KEPT);
  }

  latest(): readonly TimelineEvent[] {
    return this.events;
  }
}
