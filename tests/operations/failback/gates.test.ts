import assert from "node:assert/strict";
import type { SentinelState } from "../../../functions/sentinel/sentinel-state";
import type { Image } from "../../../functions/replication/stream-record";
import { areOpen } from "../../../operations/failback/check-gates";
import { type Gate, gateLine } from "../../../operations/failback/gate";
import { type HealthWatch, PrimaryHealth } from "../../../operations/failback/primary-healthy";
import { LagProbe, reverseLag } from "../../../operations/failback/reverse-lag";
import { NOW, SINGAPORE, versionAt } from "../../support/tickets";

const MINUTE = 60_000;

describe("The gate of the primary's health", () => {
  let now: number;
  let waits: number;
  let state: SentinelState | undefined;
  let stop: AbortController;
  beforeEach(() => {
    [now, waits, state, stop] = [NOW, 0, undefined, new AbortController()];
  });
  const watch = (overrides: Partial<HealthWatch> = {}): HealthWatch => ({
    primary: "ireland",
    neededMs: 5 * MINUTE,
    probe: async () => ({ ok: true }),
    sentinel: async () => state,
    wait: true,
    onProgress: () => undefined,
    signal: stop.signal,
    now: () => now,
    sleep: async (milliseconds) => {
      waits++;
      now += milliseconds;
    },
    ...overrides,
  });
  const primaryHealthy = (watched: HealthWatch): Promise<Gate> => new PrimaryHealth(watched).longEnough();
  const seen = (healthyMinutes: number, agoMs: number): SentinelState => {
    const probedAt = NOW - agoMs;
    return { id: "s", runner: "r", failures: 0, probedAt, healthySince: probedAt - healthyMinutes * MINUTE };
  };
  /** A sentinel that looks every ten seconds, and saw the primary fail in the minutes from one to another. */
  const sentinelThatSawFail = (from: number, to: number) => async (): Promise<SentinelState> => {
    const minute = (now - NOW) / MINUTE;
    const probedAt = Math.floor(now / 10_000) * 10_000;
    const isWell = minute < from || minute >= to;
    const healthySince = minute < from ? NOW - 10 * MINUTE : NOW + to * MINUTE;
    return { id: "s", runner: "r", failures: 0, probedAt, ...(isWell && { healthySince }) };
  };

  it("is open at once when the sentinel saw it well for long enough, up to now", async () => {
    state = seen(6, 10_000);
    const gate = await primaryHealthy(watch());
    assert.deepEqual(gate, { name: "ireland was well for 5.0 min", ok: true, figure: "for 6.0 min" });
    assert.equal(waits, 0);
    assert.equal(gateLine(gate), "ok      ireland was well for 5.0 min: for 6.0 min");
  });

  it("waits for what is missing, and looks all the time", async () => {
    state = seen(4, 10_000);
    const gate = await primaryHealthy(watch());
    assert.deepEqual([gate.ok, gate.figure, now - NOW], [true, "for 5.0 min", MINUTE]);
    assert.equal(waits, 12);
  });

  it("counts from the last failure that the sentinel saw, also one that this command did not see", async () => {
    const sentinel = sentinelThatSawFail(-1, 2);
    assert.equal((await primaryHealthy(watch({ sentinel }))).ok, true);
    const late = now - NOW - 7 * MINUTE;
    assert.ok(late >= 0 && late <= 10_000, `after ${(now - NOW) / MINUTE} min`);
  });

  it("is closed in the end when the sentinel never sees it well", async () => {
    const gate = await primaryHealthy(watch({ sentinel: sentinelThatSawFail(-1, Infinity) }));
    assert.deepEqual([gate.ok, gate.figure, now - NOW], [false, "only for 0 s", 11 * MINUTE]);
  });

  it("is looked at once more after the others: by a probe, and for what the sentinel saw meanwhile", async () => {
    let ok = true;
    const probe: HealthWatch["probe"] = async () => (ok ? { ok } : { ok, reason: "it answered 503" });
    const health = new PrimaryHealth(watch({ sentinel: sentinelThatSawFail(1, 2), probe }));
    assert.equal((await health.longEnough()).ok, true);
    assert.equal(gateLine(await health.stillWell()), "ok      ireland is still well after all that: it is");
    now += 3 * MINUTE;
    const failed = await health.stillWell();
    assert.deepEqual(
      [failed.ok, failed.figure],
      [false, "it failed meanwhile, and is well only for 1.0 min"],
    );
    ok = false;
    assert.equal((await health.stillWell()).figure, "it is not well now: it answered 503");
  });

  it("sees for itself where there is no sentinel, its view is old, or it cannot be read", async () => {
    for (const sentinel of [
      async () => undefined,
      async () => seen(60, 2 * MINUTE),
      async () => Promise.reject(new Error("away")),
    ]) {
      now = NOW;
      assert.equal((await primaryHealthy(watch({ sentinel }))).ok, true);
      assert.equal(now - NOW, 5 * MINUTE);
    }
  });

  it("is closed by one bad probe, also during the wait, and says why", async () => {
    const probe: HealthWatch["probe"] = async () =>
      now - NOW < 2 * MINUTE ? { ok: true } : { ok: false, reason: "it answered 503" };
    const gate = await primaryHealthy(watch({ probe }));
    assert.deepEqual([gate.ok, gate.figure], [false, "it is not well now: it answered 503"]);
    assert.match(gateLine(gate), /^NOT OK {2}ireland/);
  });

  it("in a dry run says how much is missing instead of waiting", async () => {
    state = seen(2, 1000);
    const gate = await primaryHealthy(watch({ wait: false }));
    assert.deepEqual([gate.ok, gate.figure, waits], [false, "only for 2.0 min", 0]);
  });

  it("can be asked for no time at all, and still needs a good probe", async () => {
    assert.equal((await primaryHealthy(watch({ neededMs: 0 }))).ok, true);
    const probe: HealthWatch["probe"] = async () => ({ ok: false, reason: "ECONNREFUSED" });
    assert.equal((await primaryHealthy(watch({ neededMs: 0, probe }))).ok, false);
  });

  it("ends when it is stopped", async () => {
    const stopping = watch({ sleep: async () => stop.abort(new Error("Stopped.")) });
    await assert.rejects(primaryHealthy(stopping), /Stopped/);
  });
});

describe("The gates together", () => {
  const gate = (name: string, ok: boolean): Gate => ({ name, ok, figure: "seen" });
  const check = async (oks: readonly boolean[], last: () => Promise<Gate>): Promise<[boolean, string[]]> => {
    const lines: string[] = [];
    const terminal = {
      print: (line: string) => void lines.push(line),
      progress: () => undefined,
      fail: () => undefined,
    };
    const gates = oks.map((ok, index) => async () => gate(`gate ${index}`, ok));
    return [await areOpen(gates, last, { terminal, signal: new AbortController().signal }), lines];
  };
  const still = (ok: boolean) => async (): Promise<Gate> => gate("ireland is still well", ok);

  it("are open when each is, and the primary is well at the end", async () => {
    assert.deepEqual(await check([true, true], still(true)), [
      true,
      ["ok      gate 0: seen", "ok      gate 1: seen"],
    ]);
  });

  it("are closed by a primary that failed while the others were checked", async () => {
    assert.deepEqual(await check([true], still(false)), [
      false,
      ["ok      gate 0: seen", "NOT OK  ireland is still well: seen"],
    ]);
  });

  it("are all printed when one is closed, and nothing makes up for it", async () => {
    assert.deepEqual(await check([false, true], still(true)), [
      false,
      ["NOT OK  gate 0: seen", "ok      gate 1: seen"],
    ]);
  });
});

describe("The gate of the lag back to the primary", () => {
  let now: number;
  let written: Image | undefined;
  let arrivesAfter: number;
  beforeEach(() => {
    [now, written, arrivesAfter] = [0, undefined, 400];
  });
  const probe = (overrides: Partial<LagProbe> = {}): LagProbe => ({
    primary: { name: "ireland" },
    secondary: { name: "singapore", code: SINGAPORE },
    write: async (image) => {
      written = image;
      return { result: "applied", conflict: false };
    },
    secondaryTable: { get: async () => undefined },
    primaryTable: { get: async () => (now >= arrivesAfter ? written : undefined) },
    probe: async () => ({ ok: true, checkedAt: new Date(NOW).toISOString() }),
    allowedMs: 5000,
    now: () => now,
    sleep: async (milliseconds) => void (now += milliseconds),
    signal: new AbortController().signal,
    ...overrides,
  });

  it("is open when what is written in the secondary arrives in time", async () => {
    assert.deepEqual(await reverseLag(probe()), {
      name: "writes of singapore arrive in ireland within 5.0 s",
      ok: true,
      figure: "0.4 s",
    });
  });

  it("writes as every write there replicates, by the secondary's clock, always newer than the probe before", async () => {
    await reverseLag(probe());
    assert.deepEqual(written, {
      id: { S: `lag-probe-${SINGAPORE}` },
      version: { S: versionAt(0, SINGAPORE) },
      origin: { S: SINGAPORE },
      seen: { M: {} },
    });
    const last = { version: { S: versionAt(5000, SINGAPORE) } } as unknown as Image;
    await reverseLag(probe({ secondaryTable: { get: async () => last } }));
    assert.ok((written?.version.S ?? "") > versionAt(5000, SINGAPORE));
  });

  it("is not fooled by an older probe that is there already", async () => {
    const old = { version: { S: versionAt(-5000, SINGAPORE) } } as unknown as Image;
    arrivesAfter = Infinity;
    const gate = await reverseLag(probe({ primaryTable: { get: async () => old } }));
    assert.deepEqual([gate.ok, gate.figure], [false, "not after 15.0 s"]);
  });

  it("is closed when it arrives too late, with how long it took", async () => {
    arrivesAfter = 7000;
    const gate = await reverseLag(probe());
    assert.deepEqual([gate.ok, gate.figure], [false, "7.0 s"]);
  });

  it("is closed when it cannot be measured", async () => {
    for (const broken of [
      { write: async () => Promise.reject(new Error("The table is away.")) },
      { primaryTable: { get: async () => Promise.reject(new Error("The table is away.")) } },
      { probe: async () => ({ ok: false, reason: "The table is away." }) },
    ]) {
      const gate = await reverseLag(probe(broken));
      assert.equal(gate.ok, false);
      assert.match(gate.figure, /could not be measured.*The table is away/);
    }
  });
});
