import assert from "node:assert/strict";
import { mock } from "node:test";
import { PausableTimer } from "../../../../local/aws/lambda/pausable-timer";

describe("A pausable timer", () => {
  let timer: PausableTimer;
  let now: number;
  let ends: number;
  beforeEach(() => {
    [timer, now, ends] = [new PausableTimer(), 0, 0];
    mock.timers.enable({ apis: ["setTimeout"] });
    mock.method(performance, "now", () => now);
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });

  const start = (milliseconds: number): void => timer.start(milliseconds, () => ends++);
  /** Lets time pass. */
  const pass = (milliseconds: number): void => {
    now += milliseconds;
    mock.timers.tick(milliseconds);
  };

  it("ends once, after its time", () => {
    start(30);
    pass(29);
    assert.equal(ends, 0);
    pass(1);
    assert.equal(ends, 1);
    pass(1000);
    assert.equal(ends, 1);
  });

  it("does not count the time of a pause", () => {
    start(100);
    pass(40);
    timer.pause();
    pass(250);
    timer.resume();
    pass(59);
    assert.equal(ends, 0);
    pass(1);
    assert.equal(ends, 1);
  });

  it("counts the time between two pauses", () => {
    start(100);
    for (let pause = 0; pause < 2; pause++) {
      pass(30);
      timer.pause();
      pass(100);
      timer.resume();
    }
    pass(39);
    assert.equal(ends, 0);
    pass(1);
    assert.equal(ends, 1);
  });

  it("waits for the end of a pause that began before it", () => {
    timer.pause();
    start(10);
    pass(50);
    assert.equal(ends, 0);
    timer.resume();
    pass(10);
    assert.equal(ends, 1);
  });

  it("does not end when it is cleared, also while it is paused", () => {
    start(1);
    timer.clear();
    start(1);
    timer.pause();
    timer.clear();
    timer.resume();
    pass(1000);
    assert.equal(ends, 0);
  });

  it("resumes once for several calls", () => {
    start(20);
    timer.resume();
    timer.pause();
    timer.pause();
    timer.resume();
    timer.resume();
    pass(19);
    assert.equal(ends, 0);
    pass(1000);
    assert.equal(ends, 1);
  });
});
