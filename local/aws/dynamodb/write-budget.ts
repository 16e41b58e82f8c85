import { ApiError, serviceError } from "./api-error";
import { indexEntry, itemSize } from "./dynalite";
import { bareItem, sameItem, type Item, type Json } from "./item";
import type { ItemChange } from "./store-view";

/**
 * Write units per second of a partition of a table or index:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
const UNITS_PER_SECOND = 1000;
const UNIT_BYTES = 1024;
const PURGE_INTERVAL_MS = 1000;

/** Write units that remain for one hash value of a table or index. */
interface Bucket {
  units: number;
  at: number;
}

/** Table or index that a write uses, and the units that it consumes there. */
interface Charge {
  readonly resource: "Table" | "Index";
  readonly arn: string;
  readonly hash: string;
  readonly units: number;
}

/**
 * Write units of every table and global secondary index. Each hash value has its own budget, as if it were alone in a partition.
 * DynamoDB can split a partition, but not between the entries of one hash value without a delay, and an index that cannot keep up
 * throttles the writes of its table: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/gsi-throttling.html
 */
export class WriteBudget {
  private readonly buckets = new Map<string, Bucket>();
  private purgedAt = -Infinity;

  /** @param now milliseconds since the epoch. */
  constructor(private readonly now: () => number) {}

  /**
   * Consumes the units of changes.
   * @param tableFactor units of the table per kilobyte: 2 in a transaction.
   * @throws ApiError ThrottlingException if the units do not remain; nothing is consumed then.
   */
  consume(
    changes: readonly ItemChange[],
    definitionOf: (tableName: string) => Json,
    tableFactor: number,
  ): void {
    const now = this.now();
    this.purge(now);
    const due = new Map<string, Charge>();
    for (const change of changes)
      for (const charge of chargesOf(change, definitionOf(change.tableName), tableFactor)) {
        const key = `${charge.arn} ${charge.hash}`;
        due.set(key, { ...charge, units: charge.units + (due.get(key)?.units ?? 0) });
      }
    for (const [key, charge] of due)
      if (this.remaining(key, now) < Math.min(charge.units, UNITS_PER_SECOND)) throw throttled(charge);
    for (const [key, { units }] of due)
      this.buckets.set(key, { units: this.remaining(key, now) - units, at: now });
  }

  private remaining(key: string, now: number): number {
    const bucket = this.buckets.get(key);
    if (!bucket) return UNITS_PER_SECOND;
    const refilled = bucket.units + (Math.max(0, now - bucket.at) / 1000) * UNITS_PER_SECOND;
    return Math.min(UNITS_PER_SECOND, refilled);
  }

  /** Removes full buckets, so that the number of buckets follows from the writes of the last seconds. */
  private purge(now: number): void {
    if (now - this.purgedAt < PURGE_INTERVAL_MS) return;
    this.purgedAt = now;
    for (const key of this.buckets.keys())
      if (this.remaining(key, now) >= UNITS_PER_SECOND) this.buckets.delete(key);
  }
}

/**
 * Returns the units that a change consumes. An index consumes none if the projected entry does not change, one write if only
 * attributes outside of the index key change, and a delete and a put if the index key changes:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
 */
function chargesOf({ key, before, after }: ItemChange, table: Json, tableFactor: number): Charge[] {
  const charges: Charge[] = [
    {
      resource: "Table",
      arn: table.TableArn,
      // Items of one hash value have keys that begin alike; the key of the item stands for a table without a sort key.
      hash: table.KeySchema.length === 1 ? key : hashOf(table, before ?? after),
      units: tableFactor * Math.max(unitsOf(before), unitsOf(after)),
    },
  ];
  for (const index of (table.GlobalSecondaryIndexes ?? []) as Json[]) {
    const [old, next] = [before, after].map((item) => item && entryOf(index, item, table));
    if (old && next && sameItem(old.item, next.item)) continue;
    const common = { resource: "Index", arn: index.IndexArn } as const;
    const isMoved = old?.key !== next?.key;
    if (old && (isMoved || !next))
      charges.push({ ...common, hash: hashOf(index, old.item), units: unitsOf(old.item) });
    if (next)
      charges.push({
        ...common,
        hash: hashOf(index, next.item),
        units: Math.max(unitsOf(next.item), isMoved ? 0 : unitsOf(old?.item)),
      });
  }
  return charges;
}

function entryOf(index: Json, item: Item, table: Json): { key: string; item: Item } | undefined {
  const entry = indexEntry(index, bareItem(item), table);
  // A projected attribute that the item lacks is undefined.
  const present = Object.entries(entry?.item ?? {}).filter(([, value]) => value !== undefined);
  return entry && { key: entry.key, item: Object.fromEntries(present) };
}

function hashOf({ KeySchema }: Json, item: Item | undefined): string {
  const { AttributeName } = (KeySchema as Json[]).find(({ KeyType }) => KeyType === "HASH") as Json;
  return JSON.stringify(item?.[AttributeName]);
}

function unitsOf(item: Item | undefined): number {
  return item ? Math.max(1, Math.ceil(itemSize(item) / UNIT_BYTES)) : 0;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ThrottlingReason.html */
function throttled({ resource, arn }: Charge): ApiError {
  return serviceError(
    "ThrottlingException",
    "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index " +
      "so please try again shortly. If exceptions persist, check if you have a hot key.",
    { throttlingReasons: [{ reason: `${resource}WriteKeyRangeThroughputExceeded`, resource: arn }] },
  );
}
