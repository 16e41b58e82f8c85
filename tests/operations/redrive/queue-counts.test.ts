import assert from "node:assert/strict";
import {
  confirmedCount,
  countLagSeconds,
  type CountedQueue,
  type MessageCount,
} from "../../../operations/redrive/queue-counts";

const LAG_SECONDS = 60;

/** Queue with one message at most, whose counts lag. */
class LateQueue implements CountedQueue {
  now = 0;
  private readonly changes: { readonly at: number; readonly state: "none" | "visible" | "hidden" }[] = [
    { at: -Infinity, state: "none" },
  ];

  change(at: number, state: "none" | "visible" | "hidden"): void {
    this.changes.push({ at, state });
  }

  async peek(): Promise<number> {
    return this.at(this.now) === "visible" ? 1 : 0;
  }

  async count(): Promise<MessageCount> {
    const state = this.at(this.now - LAG_SECONDS * 1000);
    return { visible: state === "visible" ? 1 : 0, hidden: state === "hidden" ? 1 : 0 };
  }

  private at(time: number): "none" | "visible" | "hidden" {
    return this.changes.filter(({ at }) => at <= time).at(-1)?.state ?? "none";
  }
}

describe("confirmedCount", () => {
  let queue: LateQueue;
  let stop: AbortController;
  beforeEach(() => {
    queue = new LateQueue();
    stop = new AbortController();
  });
  const confirm = (): Promise<MessageCount> =>
    confirmedCount(queue, {
      lagSeconds: LAG_SECONDS,
      sleep: async (milliseconds) => void (queue.now += milliseconds),
      signal: stop.signal,
    });

  it("returns zero for an empty queue, after the time by which the counts lag", async () => {
    assert.deepEqual(await confirm(), { visible: 0, hidden: 0 });
    assert.ok(queue.now > LAG_SECONDS * 1000);
  });

  it("finds a message that was quarantined a moment ago at once, though the count is zero", async () => {
    queue.change(-1000, "visible");
    assert.deepEqual(await queue.count(), { visible: 0, hidden: 0 });
    assert.deepEqual(await confirm(), { visible: 1, hidden: 0 });
    assert.equal(queue.now, 0);
  });

  it("finds a message that a running redrive has just hidden, though it cannot be received and the count is zero", async () => {
    queue.change(-2000, "visible");
    queue.change(-1000, "hidden");
    assert.deepEqual([await queue.peek(), await queue.count()], [0, { visible: 0, hidden: 0 }]);
    assert.deepEqual(await confirm(), { visible: 0, hidden: 1 });
  });

  it("finds a hidden message that becomes visible meanwhile", async () => {
    queue.change(-1000, "hidden");
    queue.change(20_000, "visible");
    assert.equal((await confirm()).visible, 1);
    assert.ok(queue.now < 30_000);
  });

  it("returns zero after a redrive that has ended, though its message is still counted as hidden", async () => {
    queue.change(-90_000, "visible");
    queue.change(-70_000, "hidden");
    queue.change(-1000, "none");
    assert.deepEqual(await queue.count(), { visible: 0, hidden: 1 });
    assert.deepEqual(await confirm(), { visible: 0, hidden: 0 });
  });

  it("ends with the reason of the signal", async () => {
    stop.abort(new Error("stopped by the operator"));
    await assert.rejects(confirm(), /stopped by the operator/);
  });
});

describe("countLagSeconds", () => {
  it("is 60 seconds on AWS, and the setting of a local cloud", () => {
    assert.equal(countLagSeconds({ naming: {} }), 60);
    const local = { console: "", speed: 20, queueCountLagSeconds: 3, urls: {} };
    assert.equal(countLagSeconds({ naming: { local } }), 3);
  });
});
