import type { DynamoDBRecord } from "aws-lambda";

/** Into so many lanes a stream's records are split by item; each is delivered in order, and on its own. */
export const LANES = 2;

/**
 * How long a stream keeps a record, in milliseconds:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
 */
const RETENTION_MS = 24 * 60 * 60 * 1000;

interface Entry {
  readonly record: DynamoDBRecord;
  /** The true time of the change, milliseconds since 1970. */
  readonly time: number;
}

/** One lane of a table's stream, as an event source mapping with a parallelization factor makes them. */
export class Lane {
  /** How many records are done with or were dropped. */
  position = 0;
  private readonly entries: Entry[] = [];
  private trimmed = 0;

  get length(): number {
    return this.entries.length;
  }

  get isDrained(): boolean {
    return this.position >= this.entries.length;
  }

  /** How many of the records the stream no longer has. */
  get trimHorizon(): number {
    return this.trimmed;
  }

  push(entry: Entry): void {
    this.entries.push(entry);
  }

  /** The records from one place to before another, as far as the stream still has them. */
  records(start: number, end: number): DynamoDBRecord[] {
    return this.entries.slice(Math.max(start, this.trimmed), end).map(({ record }) => record);
  }

  /** Drops what is older than the retention. @returns the dropped records that nobody is done with. */
  trim(now: number): DynamoDBRecord[] {
    while (this.trimmed < this.entries.length && this.entries[this.trimmed].time < now - RETENTION_MS)
      this.trimmed++;
    const lost = this.entries.slice(this.position, Math.max(this.position, this.trimmed));
    this.position += lost.length;
    return lost.map(({ record }) => record);
  }
}

/** A table's stream. */
export class Stream {
  readonly lanes: readonly Lane[] = Array.from({ length: LANES }, () => new Lane());
  private written = 0;

  /** @param recordOf makes the record from its sequence number. */
  push(id: string, time: number, recordOf: (sequenceNumber: number) => DynamoDBRecord): void {
    this.lanes[id.charCodeAt(id.length - 1) % LANES].push({ record: recordOf(++this.written), time });
  }
}
