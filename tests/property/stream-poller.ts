import type { DynamoDBBatchResponse, DynamoDBRecord } from "aws-lambda";
import type { ReplicationContext } from "../../functions/replication/replicate";
import type { StoredTicket } from "../../functions/tickets/ticket";
import { fromImage } from "../support/attribute-values";
import type { Ledger } from "./ledger";
import type { Rules } from "./rules";
import type { SimulatedRegion } from "./simulated-region";
import type { Batch, Fate } from "./steps";

/** The event source mapping between a region's stream and the replication function, and the network behind it. */
export class StreamPoller {
  /** While it is cut every write to the target fails. */
  cut = false;
  /** How many records are done with. */
  private position = 0;

  constructor(
    private readonly source: SimulatedRegion,
    private readonly target: SimulatedRegion,
    private readonly surroundings: { readonly ledger: Ledger; readonly rules: Rules },
  ) {}

  /** Whether every record was delivered and is done with. */
  get isDrained(): boolean {
    return this.position >= this.source.stream.length;
  }

  /**
   * Delivers the next records and goes on behind them, or to the first that failed.
   * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
   */
  async deliver(batch: Batch): Promise<void> {
    const records = this.source.stream.slice(this.position, this.position + batch.size);
    const end = this.position + records.length;
    const answer = await this.invoke(records, batch);
    if (!answer) return;
    const failed = answer.batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier) - 1);
    this.position = Math.max(this.position, Math.min(end, ...failed));
  }

  /** Delivers records again that were done with, from a place in 0 to 1 of them; nobody minds the answer. */
  async deliverAgain(from: number, batch: Batch): Promise<void> {
    const first = Math.floor(from * this.position);
    await this.invoke(this.source.stream.slice(first, Math.min(first + batch.size, this.position)), batch);
  }

  /** The function's answer; undefined when it crashed. */
  private async invoke(
    records: readonly DynamoDBRecord[],
    { itemsReversed, fates }: Batch,
  ): Promise<DynamoDBBatchResponse | undefined> {
    if (records.length === 0) return undefined;
    const { ledger, rules } = this.surroundings;
    let crash = (): void => undefined;
    const crashed = new Promise<undefined>((resolve) => (crash = () => resolve(undefined)));
    const remaining = [...fates];
    const context: ReplicationContext = {
      region: this.source.region,
      now: this.source.now,
      target: { apply: (image) => this.write(fromImage(image), remaining.shift() ?? "works", crash) },
      quarantine: { add: async (record, { error }) => void ledger.quarantined.push({ record, error }) },
    };
    return Promise.race([rules.replicate(context, itemsReversed ? reverseItems(records) : records), crashed]);
  }

  private async write(item: StoredTicket, fate: Fate, crash: () => void): Promise<"applied" | "stale"> {
    await Promise.resolve();
    if (this.cut || fate === "fails before") throw new Error("The other region did not answer.");
    const outcome = fate === "crashes before" ? "stale" : this.target.take(item);
    if (fate === "fails after") throw new Error("The answer of the other region was lost.");
    if (fate === "works") return outcome;
    crash();
    return new Promise(() => undefined);
  }
}

/** The records with those of later items first; each item's own stay in order, as in a stream. */
function reverseItems(records: readonly DynamoDBRecord[]): DynamoDBRecord[] {
  const byItem = new Map<string | undefined, DynamoDBRecord[]>();
  for (const record of records) {
    const id = record.dynamodb?.Keys?.id.S;
    byItem.set(id, [...(byItem.get(id) ?? []), record]);
  }
  return [...byItem.values()].reverse().flat();
}
