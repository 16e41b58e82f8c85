import type { DynamoDBRecord } from "aws-lambda";
import { quarantineMessage } from "../../../../functions/replication/quarantined-record";
import { invocationRecord } from "../../../../local/aws/event-source-mapping/failure-destination";
import type { Audit, ReplayContext } from "../../../../operations/redrive/replay";
import { emptySummary } from "../../../../operations/redrive/summary";
import { inserted } from "../../../../testing/stream-records";
import { idOf, IRELAND, NOW, SINGAPORE, ticketItem } from "../../../../testing/tickets";
import { MemorySide } from "../../support/memory-side";

/** Stream record of the first write of a ticket, in Ireland. */
export function record(number: number, attributes: object = {}): DynamoDBRecord {
  return inserted({ ...ticketItem({ id: idOf(number) }), ...attributes }, number);
}

/** Message of a quarantined record. */
export function message(of: DynamoDBRecord): string {
  const quarantinedAt = new Date(NOW).toISOString();
  const reason = { error: "E", message: "m" };
  return quarantineMessage({ ...reason, quarantinedAt, sourceRegion: IRELAND, record: of }) as string;
}

/** Object that Lambda stores for a failed batch. */
export function failure(...of: readonly DynamoDBRecord[]): string {
  const mapping = { uuid: "u", functionArn: "f", streamArn: "s" };
  const records = of.map((event, index) => ({ sequenceNumber: String(index), arrivedAt: NOW, event }));
  const batch = { records, invocations: 3 } as unknown as Parameters<typeof invocationRecord>[2];
  return invocationRecord(mapping, "shard", batch, "RecordAgeExceeded", false, "$LATEST", NOW).body;
}

/** Both regions in memory, and a redrive of records from Ireland. */
export class Replays {
  readonly source = new MemorySide("ireland", IRELAND);
  readonly target = new MemorySide("singapore", SINGAPORE);
  /** Output during the redrive. */
  readonly printed: string[] = [];

  /** Puts an item into both regions. */
  putInBoth(item: object): void {
    this.source.put(item);
    this.target.put(item);
  }

  context({ discard, ...options }: Partial<ReplayContext & Audit> = {}): ReplayContext {
    const print = (line: string): void => void this.printed.push(line);
    return {
      sourceCode: IRELAND,
      apply: this.target.apply,
      tables: [readerOf(this.source), readerOf(this.target)],
      dryRun: false,
      audit: { stack: "ireland", by: "operator aoife", discard, print },
      now: () => NOW,
      summary: emptySummary(),
      onProgress: () => undefined,
      signal: new AbortController().signal,
      ...options,
    };
  }
}

function readerOf(side: MemorySide): ReplayContext["tables"][0] {
  return { name: side.name, get: (id) => side.get(id) };
}

/** Numbers of applied, stale, settled, discarded and failing records, without zeros. */
export function counts({ summary }: ReplayContext): Record<string, number> {
  const { applied, stale, settled, discarded, failing } = summary;
  const all = { applied, stale, settled, discarded, failing };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
}
