import assert from "node:assert/strict";
import type { SentinelState } from "../../../functions/sentinel/sentinel-state";
import { type Gate, formatGate } from "../../../operations/failback/gate";
import { type HealthGateContext, HealthGate } from "../../../operations/failback/health-gate";
import { NOW } from "../../../testing/tickets";

const MINUTE = 60_000;

describe("HealthGate", () => {
  let now: number;
  let waits: number;
  let said: string[];
  let state: SentinelState | undefined;
  let stop: AbortController;
  beforeEach(() => {
    [now, waits, said, state, stop] = [NOW, 0, [], undefined, new AbortController()];
  });
  const watch = (overrides: Partial<HealthGateContext> = {}): HealthGateContext => ({
    primary: "ireland",
    neededMs: 5 * MINUTE,
    probe: async () => ({ ok: true }),
    sentinel: async () => state,
    sentinelClock: async () => now,
    takeoverChange: async () => undefined,
    wait: true,
    onProgress: () => undefined,
    print: (line) => void said.push(line),
    signal: stop.signal,
    now: () => now,
    sleep: async (milliseconds) => {
      waits++;
      now += milliseconds;
    },
    ...overrides,
  });
  const primaryHealthy = (watched: HealthGateContext): Promise<Gate> =>
    new HealthGate(watched).healthyLongEnough();
  const seen = (healthyMinutes: number, agoMs: number): SentinelState => {
    const probedAt = NOW - agoMs;
    return { id: "s", runner: "r", failures: 0, probedAt, healthySince: probedAt - healthyMinutes * MINUTE };
  };
  /** Sentinel that probes every ten seconds, and detected failures of the primary between two minutes. */
  const sentinelThatSawFail = (from: number, to: number) => async (): Promise<SentinelState> => {
    const minute = (now - NOW) / MINUTE;
    const probedAt = Math.floor(now / 10_000) * 10_000;
    const isWell = minute < from || minute >= to;
    const healthySince = minute < from ? NOW - 10 * MINUTE : NOW + to * MINUTE;
    return { id: "s", runner: "r", failures: 0, probedAt, ...(isWell && { healthySince }) };
  };

  it("opens immediately if the sentinel reports a sufficient healthy time", async () => {
    state = seen(6, 10_000);
    const gate = await primaryHealthy(watch());
    assert.deepEqual(gate, { name: "ireland has been healthy for 5.0 min", ok: true, figure: "for 6.0 min" });
    assert.equal(waits, 0);
    assert.equal(formatGate(gate), "ok      ireland has been healthy for 5.0 min: for 6.0 min");
  });

  it("waits for the remaining time and keeps probing", async () => {
    const healthySince = NOW - 10_000 - 4 * MINUTE;
    const sentinel: HealthGateContext["sentinel"] = async () => ({
      ...seen(4, 10_000),
      probedAt: now - 10_000,
      healthySince,
    });
    const gate = await primaryHealthy(watch({ sentinel }));
    assert.deepEqual([gate.ok, gate.figure, now - NOW], [true, "for 5.0 min", MINUTE]);
    assert.equal(waits, 12);
  });

  it("counts from the last failure that the sentinel detected", async () => {
    const sentinel = sentinelThatSawFail(-1, 2);
    assert.equal((await primaryHealthy(watch({ sentinel }))).ok, true);
    const late = now - NOW - 7 * MINUTE;
    assert.ok(late >= 0 && late <= 10_000, `after ${(now - NOW) / MINUTE} min`);
  });

  it("closes after a bounded wait if the sentinel keeps reporting failures", async () => {
    const gate = await primaryHealthy(watch({ sentinel: sentinelThatSawFail(-1, Infinity) }));
    assert.deepEqual([gate.ok, gate.figure, now - NOW], [false, "only for 0 s", 11 * MINUTE]);
  });

  it("checks the probe and the sentinel again after the other gates", async () => {
    let ok = true;
    const probe: HealthGateContext["probe"] = async () => (ok ? { ok } : { ok, reason: "it returned 503" });
    const health = new HealthGate(watch({ sentinel: sentinelThatSawFail(1, 2), probe }));
    assert.equal((await health.healthyLongEnough()).ok, true);
    assert.equal(
      formatGate(await health.stillHealthy()),
      "ok      ireland is still healthy after the other checks: yes",
    );
    now += 3 * MINUTE;
    const failed = await health.stillHealthy();
    assert.deepEqual(
      [failed.ok, failed.figure],
      [false, "it failed in the meantime, and has been healthy for only 1.0 min"],
    );
    ok = false;
    assert.equal((await health.stillHealthy()).figure, "it is unhealthy: it returned 503");
  });

  it("uses only its own probes without a running sentinel, and reports that", async () => {
    const cases: readonly [HealthGateContext["sentinel"], string][] = [
      [async () => undefined, "no sentinel has probed it"],
      [async () => seen(60, 2 * MINUTE), "the sentinel's last probe was 7.0 min ago"],
    ];
    for (const [sentinel, why] of cases) {
      now = NOW;
      const { ok, figure } = await primaryHealthy(watch({ sentinel }));
      assert.deepEqual([ok, figure], [true, `for 5.0 min, by the probes of this command only: ${why}`]);
      assert.equal(now - NOW, 5 * MINUTE);
    }
    const sentinelClock: HealthGateContext["sentinelClock"] = async () => undefined;
    const { figure } = await primaryHealthy(watch({ sentinel: async () => seen(60, 0), sentinelClock }));
    assert.match(figure, /only: the sentinel's region does not report its time$/);
  });

  it("uses the sentinel's clock, regardless of the clock of this machine", async () => {
    state = seen(6, 10_000);
    for (const off of [-10 * MINUTE, 10 * MINUTE]) {
      now = NOW + off;
      const { ok, figure } = await primaryHealthy(watch({ sentinelClock: async () => NOW }));
      assert.deepEqual([ok, figure, now], [true, "for 6.0 min", NOW + off]);
    }
  });

  it("closes if the state of the sentinel cannot be read", async () => {
    const sentinel: HealthGateContext["sentinel"] = async () => Promise.reject(new Error("away"));
    const { ok, figure } = await primaryHealthy(watch({ sentinel }));
    assert.deepEqual([ok, figure, waits], [false, "the sentinel's state cannot be read (away)", 0]);
  });

  it("closes after one failed probe, also during the wait, with the reason", async () => {
    const probe: HealthGateContext["probe"] = async () =>
      now - NOW < 2 * MINUTE ? { ok: true } : { ok: false, reason: "it returned 503" };
    const gate = await primaryHealthy(watch({ probe }));
    assert.deepEqual([gate.ok, gate.figure], [false, "it is unhealthy: it returned 503"]);
    assert.match(formatGate(gate), /^NOT OK {2}ireland/);
  });

  it("reports the remaining time in a dry run instead of waiting", async () => {
    state = seen(2, 1000);
    const gate = await primaryHealthy(watch({ wait: false }));
    assert.deepEqual(
      [gate.ok, gate.figure, waits],
      [false, "only for 2.0 min; without --dry-run the command waits for the rest", 0],
    );
  });

  it("requires a successful probe even for a healthy time of zero", async () => {
    assert.equal((await primaryHealthy(watch({ neededMs: 0 }))).ok, true);
    const probe: HealthGateContext["probe"] = async () => ({ ok: false, reason: "ECONNREFUSED" });
    assert.equal((await primaryHealthy(watch({ neededMs: 0, probe }))).ok, false);
  });

  it("prints when the sentinel detects a failure that restarts the healthy time", async () => {
    await primaryHealthy(watch({ neededMs: 12 * MINUTE, sentinel: sentinelThatSawFail(1, 2) }));
    assert.deepEqual(said, [
      `The sentinel saw ireland fail; the healthy time restarts (${new Date(NOW + MINUTE).toISOString()}).`,
    ]);
  });

  it("stops waiting if another operator changes the takeover", async () => {
    const takeoverChange: HealthGateContext["takeoverChange"] = async () =>
      now - NOW < MINUTE ? undefined : "the takeover was changed meanwhile, by operator ann";
    const gate = await primaryHealthy(watch({ takeoverChange }));
    assert.deepEqual(
      [gate.ok, gate.figure, now - NOW],
      [false, "the takeover was changed meanwhile, by operator ann", MINUTE],
    );
  });

  it("stops when the signal is aborted", async () => {
    const stopping = watch({ sleep: async () => stop.abort(new Error("Stopped.")) });
    await assert.rejects(primaryHealthy(stopping), /Stopped/);
  });
});
