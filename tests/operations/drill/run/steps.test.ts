import assert from "node:assert/strict";
import { mock } from "node:test";
import { until, type DrillContext } from "../../../../operations/drill/run/steps";
import type { Condition } from "../../../../operations/drill/scenario";

/** Web UI: up to 18 seconds between two reads of the routing states, and one second for each. */
const TWO_READS_SECONDS = 38;

describe("until", () => {
  let now: number;
  // Once per test: `restoreAll` would restore the first of two mocks in place of the real clock.
  beforeEach(() => void mock.method(Date, "now", () => now));
  afterEach(() => mock.restoreAll());

  /** Returns the seconds that a drill waits for a condition that never holds. */
  async function waited(condition: Condition, withinSeconds: number, speed: number): Promise<number> {
    now = 0;
    const phases: string[] = [];
    const context = {
      system: { speed, primary: { name: "ireland" }, secondary: { name: "singapore" } },
      recorder: {
        observer: { dns: "ireland", takenOver: false },
        traffic: { samples: [] },
        phase: (_kind: string, text: string) => phases.push(text),
      },
      sleep: async (milliseconds: number) => void (now += milliseconds),
    } as unknown as DrillContext;
    assert.equal(await until(context, condition, withinSeconds), false);
    assert.deepEqual(phases, [`timed out after ${Math.round(now / 1000)} s waiting for ${condition}`]);
    return now / 1000;
  }

  it("waits as long as the scenario names in real time", async () => {
    assert.equal(await waited("taken-over", 60, 1), 60);
    assert.equal(await waited("all-clients-on-secondary", 150, 1), 150);
  });

  it("divides the time by the speed, and adds what the speed does not divide", async () => {
    assert.equal(await waited("taken-over", 60, 30), 17);
  });

  it("waits for a second read of the routing states by the web UI at any speed", async () => {
    assert.ok((await waited("all-clients-on-secondary", 150, 25)) >= TWO_READS_SECONDS);
  });
});
