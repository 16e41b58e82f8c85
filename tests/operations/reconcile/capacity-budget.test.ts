import assert from "node:assert/strict";
import {
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  ScanCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { AWS_LIMITS, limitCapacity } from "../../../operations/reconcile/capacity-budget";

/** Client whose calls take no time, and a clock that advances only in waits. */
class MeasuredClient {
  time = 0;
  /** Consumed units and the time of each call. */
  readonly calls: { readonly at: number; readonly units: number; readonly input: object }[] = [];
  /** Errors of the next calls. */
  readonly errors: Error[] = [];
  readonly client = new DynamoDBClient({
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  private readonly sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  readonly clock = {
    now: (): number => this.time,
    sleep: (milliseconds: number): Promise<void> =>
      new Promise((wake) => this.sleepers.push({ until: this.time + milliseconds, wake })),
  };

  constructor(units: (call: number) => number) {
    this.client.middlewareStack.add(
      () =>
        async ({ input }) => {
          const error = this.errors.shift();
          if (error) throw error;
          const consumed = units(this.calls.length);
          this.calls.push({ at: this.time, units: consumed, input });
          const ConsumedCapacity = { CapacityUnits: consumed };
          return { response: {}, output: { $metadata: {}, ConsumedCapacity } };
        },
      { step: "initialize", priority: "low", name: "fake" },
    );
  }

  /** Runs calls to the end: advances the clock to the next sleeper whenever all of them wait. */
  async run(calls: readonly Promise<unknown>[]): Promise<void> {
    let isDone = false;
    const all = Promise.allSettled(calls).then(() => (isDone = true));
    while (!isDone) {
      await new Promise(setImmediate);
      const next = this.sleepers.sort((left, right) => left.until - right.until).shift();
      if (!next) continue;
      this.time = Math.max(this.time, next.until);
      next.wake();
    }
    await all;
    await Promise.all(calls);
  }

  /** Highest number of units within any second. */
  peak(): number {
    const within = (from: number): number =>
      this.calls
        .filter(({ at }) => at >= from && at < from + 1000)
        .reduce((sum, { units }) => sum + units, 0);
    return Math.max(...this.calls.map(({ at }) => within(at)));
  }
}

/** Sends calls one after the other in each of 64 segments. */
function segments(send: () => Promise<unknown>, each: number): Promise<unknown>[] {
  return Array.from({ length: 64 }, async () => {
    for (let call = 0; call < each; call++) await send();
  });
}

describe("The capacity budget of a reconciliation", () => {
  it("keeps 64 segments of a scan within the read units per second, whatever a page costs", async () => {
    const measured = new MeasuredClient((call) => (call % 7 === 0 ? 128 : 20));
    limitCapacity(measured.client, AWS_LIMITS, measured.clock);
    await measured.run(segments(() => measured.client.send(new ScanCommand({ TableName: "tickets" })), 10));
    const total = measured.calls.reduce((sum, { units }) => sum + units, 0);
    // Cheap pages return what they reserved, so a second can have more than its share: at most half of what a partition takes.
    assert.ok(measured.peak() <= 1500, `${measured.peak()} units in a second`);
    assert.ok(total / (measured.time / 1000) <= 1000, `${total} units in ${measured.time} ms`);
    assert.ok(measured.time / 1000 < (1.5 * total) / 1000 + 1, "It must use what the budget allows.");
  });

  it("keeps stamps within the write units per second, including the indexes", async () => {
    const measured = new MeasuredClient(() => 9);
    limitCapacity(measured.client, AWS_LIMITS, measured.clock);
    const update = new UpdateItemCommand({ TableName: "tickets", Key: { id: { S: "1" } } });
    await measured.run(segments(() => measured.client.send(update), 20));
    const total = measured.calls.reduce((sum, { units }) => sum + units, 0);
    assert.equal(total, 64 * 20 * 9);
    assert.ok(total / (measured.time / 1000) <= 250, `${total} units in ${measured.time} ms`);
  });

  it("requests the consumed capacity of reads and writes alone", async () => {
    const measured = new MeasuredClient(() => 1);
    limitCapacity(measured.client, AWS_LIMITS, measured.clock);
    await measured.run([measured.client.send(new GetItemCommand({ TableName: "tickets", Key: {} }))]);
    await measured.run([measured.client.send(new ListTablesCommand({}))]);
    assert.deepEqual(
      measured.calls.map(({ input }) => input),
      [{ TableName: "tickets", Key: {}, ReturnConsumedCapacity: "TOTAL" }, {}],
    );
  });

  for (const name of ["ThrottlingException", "ProvisionedThroughputExceededException"])
    it(`repeats a call after a ${name}, with and without limits`, async () => {
      for (const limits of [AWS_LIMITS, { read: undefined, write: undefined }]) {
        const measured = new MeasuredClient(() => 1);
        limitCapacity(measured.client, limits, measured.clock);
        for (let time = 0; time < 12; time++) measured.errors.push(Object.assign(new Error(), { name }));
        await measured.run([measured.client.send(new ScanCommand({ TableName: "tickets" }))]);
        assert.equal(measured.calls.length, 1);
        assert.ok(measured.time > 10_000);
      }
    });

  it("fails with any other error, and with a throttle that does not end", async () => {
    const measured = new MeasuredClient(() => 1);
    limitCapacity(measured.client, AWS_LIMITS, measured.clock);
    const scan = (): Promise<unknown> => measured.client.send(new ScanCommand({ TableName: "tickets" }));
    measured.errors.push(Object.assign(new Error("not allowed"), { name: "AccessDeniedException" }));
    await assert.rejects(measured.run([scan()]), /not allowed/);
    for (let time = 0; time < 30; time++)
      measured.errors.push(Object.assign(new Error("throttled"), { name: "ThrottlingException" }));
    await assert.rejects(measured.run([scan()]), /throttled/);
  });

  it("ends with the run", async () => {
    const measured = new MeasuredClient(() => 1000);
    limitCapacity(measured.client, AWS_LIMITS, measured.clock)();
    await measured.run(segments(() => measured.client.send(new ScanCommand({ TableName: "tickets" })), 2));
    assert.equal(measured.time, 0);
  });
});
