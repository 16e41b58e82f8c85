import assert from "node:assert/strict";
import { StartGate } from "../../../../local/aws/lambda/start-gate";

/** Lets promises settle. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("StartGate", () => {
  const { signal } = new AbortController();

  it("lets processes start in the order in which they came, as soon as others have started", async () => {
    const gate = new StartGate(2);
    const entered: number[] = [];
    const leaves: (() => void)[] = [];
    for (let index = 0; index < 5; index++)
      void gate.enter(signal).then((leave) => {
        entered.push(index);
        leaves.push(leave);
      });
    await settle();
    assert.deepEqual(entered, [0, 1]);
    leaves[1]();
    leaves[1]();
    await settle();
    assert.deepEqual(entered, [0, 1, 2]);
    leaves[0]();
    leaves[2]();
    await settle();
    assert.deepEqual(entered, [0, 1, 2, 3, 4]);
    for (const leave of leaves) leave();
    const last = await Promise.all([gate.enter(signal), gate.enter(signal)]);
    for (const leave of last) leave();
  });

  it("ends the wait of a process that will not start, and lets the next one start", async () => {
    const gate = new StartGate(1);
    const leave = await gate.enter(signal);
    const killing = new AbortController();
    const killed = gate.enter(killing.signal);
    const next = gate.enter(signal);
    killing.abort();
    (await killed)();
    leave();
    (await next)();
    (await gate.enter(AbortSignal.abort()))();
    (await gate.enter(signal))();
  });

  it("does not wait for a process that takes long", async () => {
    const gate = new StartGate(1);
    const keepAlive = setInterval(() => undefined, 1000);
    await gate.enter(signal);
    const leave = await gate.enter(signal);
    clearInterval(keepAlive);
    leave();
  });
});
