import assert from "node:assert/strict";
import { once } from "node:events";
import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { PausableTimer } from "../../../../local/aws/lambda/pausable-timer";

describe("A pausable timer", () => {
  let timer: PausableTimer;
  let events: EventEmitter;
  beforeEach(() => {
    timer = new PausableTimer();
    events = new EventEmitter();
  });
  afterEach(() => timer.clear());

  const start = (milliseconds: number): void => timer.start(milliseconds, () => events.emit("end"));

  it("ends after its time", async () => {
    const started = performance.now();
    start(30);
    await once(events, "end");
    assert.ok(performance.now() - started >= 29);
  });

  it("does not count the time of a pause", async () => {
    let ended = false;
    events.once("end", () => (ended = true));
    start(100);
    timer.pause();
    await sleep(250);
    assert.equal(ended, false);
    const resumed = performance.now();
    timer.resume();
    await once(events, "end");
    assert.ok(performance.now() - resumed >= 50);
  });

  it("waits for the end of a pause that began before it", async () => {
    timer.pause();
    start(1);
    let ended = false;
    events.once("end", () => (ended = true));
    await sleep(50);
    assert.equal(ended, false);
    timer.resume();
    await once(events, "end");
  });

  it("does not end when it is cleared, also while it is paused", async () => {
    events.once("end", () => assert.fail("ended"));
    start(1);
    timer.clear();
    start(1);
    timer.pause();
    timer.clear();
    timer.resume();
    await sleep(30);
  });

  it("resumes once for several calls", async () => {
    let count = 0;
    events.on("end", () => count++);
    start(20);
    timer.resume();
    timer.pause();
    timer.pause();
    timer.resume();
    timer.resume();
    await sleep(100);
    assert.equal(count, 1);
  });
});
