import assert from "node:assert/strict";
import type { Image } from "../../../functions/shared/image";
import { allOpen, type Gate } from "../../../operations/failback/gate";
import { LagGateContext, reverseLag } from "../../../operations/failback/replication-gates";
import { NOW, SINGAPORE, versionAt } from "../../../testing/tickets";

describe("allOpen", () => {
  const gate = (name: string, ok: boolean): Gate => ({ name, ok, figure: "seen" });
  const check = async (oks: readonly boolean[], last: () => Promise<Gate>): Promise<[boolean, string[]]> => {
    const lines: string[] = [];
    const terminal = {
      print: (line: string) => void lines.push(line),
      progress: () => undefined,
      fail: () => undefined,
    };
    const gates = oks.map((ok, index) => async () => gate(`gate ${index}`, ok));
    return [await allOpen(gates, last, { terminal, signal: new AbortController().signal }), lines];
  };
  const still = (ok: boolean) => async (): Promise<Gate> => gate("ireland is still healthy", ok);

  it("returns true if every gate is open and the primary is healthy at the end", async () => {
    assert.deepEqual(await check([true, true], still(true)), [
      true,
      ["ok      gate 0: seen", "ok      gate 1: seen"],
    ]);
  });

  it("returns false if the primary failed during the other checks", async () => {
    assert.deepEqual(await check([true], still(false)), [
      false,
      ["ok      gate 0: seen", "NOT OK  ireland is still healthy: seen"],
    ]);
  });

  it("prints every gate and returns false if one is closed", async () => {
    assert.deepEqual(await check([false, true], still(true)), [
      false,
      ["NOT OK  gate 0: seen", "ok      gate 1: seen"],
    ]);
  });
});

describe("reverseLag", () => {
  let now: number;
  let written: Image | undefined;
  let arrivesAfter: number;
  beforeEach(() => {
    [now, written, arrivesAfter] = [0, undefined, 400];
  });
  const probe = (overrides: Partial<LagGateContext> = {}): LagGateContext => ({
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

  const probeAt = (milliseconds: number, attributes: object = {}): Image => {
    const version = { S: versionAt(milliseconds, SINGAPORE) };
    return { id: { S: `lag-probe-${SINGAPORE}` }, version, origin: { S: SINGAPORE }, ...attributes };
  };

  for (const [what, forged] of Object.entries({
    "a version one year ahead": probeAt(365 * 86_400_000),
    "an invalid version": probeAt(0, { version: { S: "zzz" } }),
    "another origin": probeAt(10_000, { origin: { S: "eu-west-1" } }),
    "no origin": probeAt(10_000, { origin: undefined }),
  }))
    it(`ignores an item with ${what} in either table`, async () => {
      arrivesAfter = Infinity;
      const get = async (): Promise<Image> => forged;
      const gate = await reverseLag(probe({ primaryTable: { get }, secondaryTable: { get } }));
      assert.deepEqual([gate.ok, gate.figure], [false, "timed out after 15.0 s"]);
      assert.equal(written?.version.S, versionAt(0, SINGAPORE));
    });

  it("opens if a write in the secondary arrives in time", async () => {
    assert.deepEqual(await reverseLag(probe()), {
      name: "writes in singapore reach ireland within 5.0 s",
      ok: true,
      figure: "0.4 s",
    });
  });

  it("writes a replicated item by the secondary's clock, newer than every earlier probe", async () => {
    await reverseLag(probe());
    assert.deepEqual(written, {
      id: { S: `lag-probe-${SINGAPORE}` },
      version: { S: versionAt(0, SINGAPORE) },
      origin: { S: SINGAPORE },
      seen: { M: {} },
    });
    const last = probeAt(5000);
    await reverseLag(probe({ secondaryTable: { get: async () => last } }));
    assert.ok((written?.version.S ?? "") > versionAt(5000, SINGAPORE));
  });

  it("ignores an older probe in the primary", async () => {
    const old = probeAt(-5000);
    arrivesAfter = Infinity;
    const gate = await reverseLag(probe({ primaryTable: { get: async () => old } }));
    assert.deepEqual([gate.ok, gate.figure], [false, "timed out after 15.0 s"]);
  });

  it("stays closed for a late arrival, and reports the lag", async () => {
    arrivesAfter = 7000;
    const gate = await reverseLag(probe());
    assert.deepEqual([gate.ok, gate.figure], [false, "7.0 s"]);
  });

  it("stays closed if the lag cannot be measured", async () => {
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
