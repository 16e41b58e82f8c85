import type { DynamoDBBatchResponse, DynamoDBRecord } from "aws-lambda";
import type { Link } from "./link";
import { Network } from "./network";
import type { Batch } from "./steps";
import type { Lane } from "./simulated-stream";

/** Event source mapping between one lane of a region's stream and the replication function. */
export class SimulatedPoller {
  /** Maximum size of the next batch. A batch is bisected after a crash. */
  private bisected = Infinity;

  constructor(
    private readonly lane: Lane,
    private readonly link: Link,
  ) {}

  /** Whether every record was processed or has expired. */
  get isDrained(): boolean {
    return this.lane.isDrained;
  }

  /**
   * Delivers the next records, then continues after them or at the first failed one.
   * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
   */
  async deliver(batch: Batch): Promise<void> {
    const { lane } = this;
    const start = lane.position;
    const records = lane.records(start, start + Math.min(batch.size, this.bisected));
    if (records.length === 0) return;
    const answer = await this.invoke(records, batch);
    this.bisected = answer ? Infinity : Math.max(1, Math.ceil(records.length / 2));
    if (!answer) return;
    const numbers = records.map(({ dynamodb }) => Number(dynamodb?.SequenceNumber));
    const failed = answer.batchItemFailures.map(({ itemIdentifier }) =>
      numbers.indexOf(Number(itemIdentifier)),
    );
    lane.position = Math.max(lane.position, start + Math.min(records.length, ...failed));
  }

  /** Delivers processed records again, from a relative position of 0 to 1. Ignores the response. */
  async deliverAgain(from: number, batch: Batch): Promise<void> {
    const { position, trimHorizon } = this.lane;
    const first = trimHorizon + Math.floor(from * (position - trimHorizon));
    const records = this.lane.records(first, Math.min(first + batch.size, position));
    if (records.length > 0) await this.invoke(records, batch);
  }

  /** Invokes the function. Returns its response; undefined if it crashed. */
  private async invoke(
    records: readonly DynamoDBRecord[],
    { itemsReversed, fates }: Batch,
  ): Promise<DynamoDBBatchResponse | undefined> {
    const network = new Network(fates, () => this.link.isCut);
    const answer = this.link.replicate(itemsReversed ? reverseItems(records) : records, network);
    return Promise.race([answer, network.crashed]);
  }
}

/** Returns the records with those of later items first. The records of each item stay in order, as in a stream. */
function reverseItems(records: readonly DynamoDBRecord[]): DynamoDBRecord[] {
  const byItem = new Map<string | undefined, DynamoDBRecord[]>();
  for (const record of records) {
    const id = record.dynamodb?.Keys?.id.S;
    byItem.set(id, [...(byItem.get(id) ?? []), record]);
  }
  return [...byItem.values()].reverse().flat();
}
