import assert from "node:assert/strict";
import type { Image } from "../../../functions/shared/image";
import { lagProbeIds } from "../../../functions/shared/reserved-items";
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

const TIMED_OUT = "timed out after 15.0 s, 16 of 16 writes did not arrive";

describe("reverseLag", () => {
  let now: number;
  let written: Image[];
  let arrivesAfter: number;
  /** Items that arrive later than the others. */
  let late: Readonly<Record<string, number>>;
  beforeEach(() => {
    [now, written, arrivesAfter, late] = [0, [], 400, {}];
  });
  const probe = (overrides: Partial<LagGateContext> = {}): LagGateContext => ({
    primary: { name: "ireland" },
    secondary: { name: "singapore", code: SINGAPORE },
    write: async (image) => {
      written.push(image);
      return { result: "applied", conflict: false };
    },
    readSecondary: async () => new Map(),
    readPrimary: async () => byId(written.filter(({ id }) => now >= (late[id.S as string] ?? arrivesAfter))),
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
      const read = async (): Promise<Map<string, Image>> => byId([forged]);
      const gate = await reverseLag(probe({ readPrimary: read, readSecondary: read }));
      assert.deepEqual([gate.ok, gate.figure], [false, TIMED_OUT]);
      assert.equal(written[0].version.S, versionAt(0, SINGAPORE));
    });

  it("opens if a write in the secondary arrives in time", async () => {
    assert.deepEqual(await reverseLag(probe()), {
      name: "writes in singapore reach ireland within 5.0 s",
      ok: true,
      figure: "0.4 s",
    });
  });

  it("writes replicated items by the secondary's clock, newer than every earlier probe", async () => {
    await reverseLag(probe());
    assert.deepEqual(
      written.splice(0),
      lagProbeIds(SINGAPORE).map((id) => ({
        ...{ id: { S: id }, version: { S: versionAt(0, SINGAPORE) } },
        ...{ origin: { S: SINGAPORE }, seen: { M: {} } },
      })),
    );
    const last = probeAt(5000, { id: { S: `lag-probe-${SINGAPORE}-9` } });
    await reverseLag(probe({ readSecondary: async () => byId([last]) }));
    for (const { version } of written) assert.ok((version.S ?? "") > versionAt(5000, SINGAPORE));
    assert.equal(written.length, 16);
  });

  it("judges by the last item, and stays closed for one that does not arrive", async () => {
    const last = `lag-probe-${SINGAPORE}-15`;
    for (const [after, ok, figure] of [
      [3000, true, "3.0 s"],
      [7000, false, "7.0 s"],
      [Infinity, false, "timed out after 15.0 s, 1 of 16 writes did not arrive"],
    ] as const) {
      [now, written, late] = [0, [], { [last]: after }];
      const gate = await reverseLag(probe());
      assert.deepEqual([gate.ok, gate.figure], [ok, figure]);
    }
  });

  it("ignores an older probe in the primary", async () => {
    const old = probeAt(-5000);
    arrivesAfter = Infinity;
    const gate = await reverseLag(probe({ readPrimary: async () => byId([old]) }));
    assert.deepEqual([gate.ok, gate.figure], [false, TIMED_OUT]);
  });

  it("stays closed for a late arrival, and reports the lag", async () => {
    arrivesAfter = 7000;
    const gate = await reverseLag(probe());
    assert.deepEqual([gate.ok, gate.figure], [false, "7.0 s"]);
  });

  it("stays closed if the lag cannot be measured", async () => {
    for (const broken of [
      { write: async () => Promise.reject(new Error("The table is away.")) },
      { readPrimary: async () => Promise.reject(new Error("The table is away.")) },
      { probe: async () => ({ ok: false, reason: "The table is away." }) },
    ]) {
      const gate = await reverseLag(probe(broken));
      assert.equal(gate.ok, false);
      assert.match(gate.figure, /could not be measured.*The table is away/);
    }
  });
});

function byId(images: readonly Image[]): Map<string, Image> {
  return new Map(images.map((image) => [image.id.S as string, image]));
}
