import type { ConsumedCapacity, DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** Capacity that a run may consume in each region. */
export interface CapacityLimits {
  /** Read units per second; undefined for no limit. */
  readonly read: number | undefined;
  /** Write units per second, of the table and its indexes; undefined for no limit. */
  readonly write: number | undefined;
}

/**
 * Limits on AWS. A partition of a table or an index takes 3,000 read units and 1,000 write units a second:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html. A segment of a scan reads one partition, and
 * all items of a status are in one hash value of an index, so a run gets a share of a single partition: a third of its reads and a quarter
 * of its writes. The rest is left for the API and replication.
 */
export const AWS_LIMITS: CapacityLimits = { read: 1000, write: 250 };

/** Clock of a budget. */
interface BudgetClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Budget of units per second that parallel calls share. A call reserves an estimate before it begins, and settles the difference later. */
class UnitBudget {
  private balance = 0;
  private updatedAt: number;

  constructor(
    private readonly rate: number,
    private readonly clock: BudgetClock,
  ) {
    this.updatedAt = clock.now();
  }

  /** Reserves units, and waits until the earlier calls and this one are paid for. Nothing is saved up, so no burst follows a pause. */
  async reserve(units: number): Promise<void> {
    const now = this.clock.now();
    this.balance = Math.min(this.balance + ((now - this.updatedAt) / 1000) * this.rate, 0) - units;
    this.updatedAt = now;
    await this.clock.sleep((-this.balance / this.rate) * 1000);
  }

  /** Pays for what a call consumed beyond its estimate, or returns the rest. */
  settle(units: number): void {
    this.balance -= units;
  }
}

/** Estimate of a kind of call before its first response: the units of 1 MB, the maximum of a page of a scan. */
const FIRST_ESTIMATES: Readonly<Record<string, number>> = { ScanCommand: 128, QueryCommand: 128 };
/** Factor by which an estimate falls with each cheaper call. */
const FADING = 0.95;
const READS = ["ScanCommand", "QueryCommand", "BatchGetItemCommand", "GetItemCommand"];
const WRITES = ["PutItemCommand", "UpdateItemCommand"];
/** Errors of a partition or a table that takes no more calls for now. */
const THROTTLES = ["ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"];
/** Calls that are throttled for longer than about two minutes fail the run. */
const MAXIMUM_ATTEMPTS = 30;
const MAXIMUM_WAIT_MS = 5000;
const MIDDLEWARE = "capacityBudget";

/**
 * Keeps all calls of a client within limits, by the consumed capacity that DynamoDB returns. Repeats a throttled call after a pause.
 * @returns a function that removes the limits.
 */
export function limitCapacity(
  { middlewareStack }: Pick<DynamoDBClient, "middlewareStack">,
  { read, write }: CapacityLimits,
  clock: BudgetClock,
): () => void {
  const estimates = new Map(Object.entries(FIRST_ESTIMATES));
  const budgets = {
    read: read === undefined ? undefined : new UnitBudget(read, clock),
    write: write === undefined ? undefined : new UnitBudget(write, clock),
  };
  middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        const budget = READS.includes(commandName)
          ? budgets.read
          : WRITES.includes(commandName)
            ? budgets.write
            : undefined;
        if (!budget) return withoutThrottling(() => next(args), clock);
        Object.assign(args.input, { ReturnConsumedCapacity: "TOTAL" });
        return withoutThrottling(async () => {
          const estimate = estimates.get(commandName) ?? 1;
          await budget.reserve(estimate);
          const result = await next(args);
          const units = unitsOf((result.output as WithCapacity).ConsumedCapacity) ?? estimate;
          // Slowly falling maximum: parallel calls that cost more than their estimates would exceed the limit together.
          estimates.set(commandName, Math.max(units, estimate * FADING));
          budget.settle(units - estimate);
          return result;
        }, clock);
      },
    { name: MIDDLEWARE, step: "initialize" },
  );
  return () => void middlewareStack.remove(MIDDLEWARE);
}

interface WithCapacity {
  readonly ConsumedCapacity?: ConsumedCapacity | readonly ConsumedCapacity[];
}

/** Returns the consumed units of a response; undefined if it has none. */
function unitsOf(consumed: WithCapacity["ConsumedCapacity"]): number | undefined {
  const all = consumed === undefined ? [] : [consumed].flat();
  return all.length === 0 ? undefined : all.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}

async function withoutThrottling<T>(call: () => Promise<T>, { sleep }: BudgetClock): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await call();
    } catch (error) {
      if (!THROTTLES.includes((error as Error).name) || attempt === MAXIMUM_ATTEMPTS) throw error;
      await sleep(Math.min(50 * 2 ** attempt, MAXIMUM_WAIT_MS));
    }
}
