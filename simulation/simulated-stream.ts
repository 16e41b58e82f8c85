import type { DynamoDBRecord } from "aws-lambda";

/** Number of lanes. The records of a stream are split by item; each lane is delivered in order, independently of the others. */
export const LANES = 2;

/**
 * Retention of a stream record, in milliseconds:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
 */
const RETENTION_MS = 24 * 60 * 60 * 1000;

interface Entry {
  readonly record: DynamoDBRecord;
  /** True time of the change, in milliseconds since 1970. */
  readonly time: number;
}

/** Lane of a table's stream, as an event source mapping with a parallelization factor creates them. */
export class Lane {
  /** Number of records that were processed or have expired. */
  position = 0;
  private readonly entries: Entry[] = [];
  private trimmed = 0;

  get length(): number {
    return this.entries.length;
  }

  get isDrained(): boolean {
    return this.position >= this.entries.length;
  }

  /** Number of expired records. */
  get trimHorizon(): number {
    return this.trimmed;
  }

  push(entry: Entry): void {
    this.entries.push(entry);
  }

  /** Returns the records from a position up to another, exclusive, without expired ones. */
  records(start: number, end: number): DynamoDBRecord[] {
    return this.entries.slice(Math.max(start, this.trimmed), end).map(({ record }) => record);
  }

  /** Drops expired records. @returns those that were not processed. */
  trim(now: number): DynamoDBRecord[] {
    while (this.trimmed < this.entries.length && this.entries[this.trimmed].time < now - RETENTION_MS)
      this.trimmed++;
    const lost = this.entries.slice(this.position, Math.max(this.position, this.trimmed));
    this.position += lost.length;
    return lost.map(({ record }) => record);
  }
}

/** Stream of a table. */
export class SimulatedStream {
  readonly lanes: readonly Lane[] = Array.from({ length: LANES }, () => new Lane());
  private written = 0;

  /** @param recordOf returns the record for its sequence number. */
  push(id: string, time: number, recordOf: (sequenceNumber: number) => DynamoDBRecord): void {
    this.lanes[id.charCodeAt(id.length - 1) % LANES].push({ record: recordOf(++this.written), time });
  }
}
