/** Something that happened, for the console's timeline. */
export interface TimelineEvent {
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

  add(text: string, region?: string): void {
    this.events.unshift({ at: Date.now(), region, text });
    this.events.length = Math.min(this.events.length, KEPT);
  }

  latest(): readonly TimelineEvent[] {
    return this.events;
  }
}
