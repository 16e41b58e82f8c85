import assert from "node:assert/strict";
import fc from "fast-check";
import { clientFigures, lagFigures, percentile } from "../../../operations/drill/measure";
import { at, requests, sample } from "./support/drill-fixtures";

describe("A drill's figures of a client", () => {
  it("have no RTO when no request failed, and null when none succeeded afterwards", () => {
    const figures = clientFigures("writer", requests("writer", "iiiisss"), at(4));
    assert.equal("rtoSeconds" in figures, false);
    assert.equal(figures.movedAfterSeconds, 0.01);
    assert.equal(clientFigures("writer", requests("writer", "iiixxxx"), at(3)).rtoSeconds, null);
  });

  it("count a request that was under way when the fault began among those that moved", () => {
    const moved = sample("page", 3.9, { milliseconds: 1100, region: "singapore" });
    const samples = [...requests("page", "iii"), moved, ...requests("page", "ss", 5)];
    assert.equal(clientFigures("page", samples, at(4)).movedAfterSeconds, 1);
  });

  it("count the RTO to the first answer of a steady run, from the fault when nothing was answered since", () => {
    const samples = requests("writer", "iiiixxxxxsss");
    assert.equal(clientFigures("writer", samples, at(3.5)).rtoSeconds, 5.51);
    assert.equal(clientFigures("writer", samples, at(3.5)).movedAfterSeconds, 5.51);
  });

  it("have the longest interruption as RTO, counted from the last good answer before it", () => {
    const samples = requests("page", "iisxsssssxxxssss");
    assert.equal(clientFigures("page", samples, at(1.5)).rtoSeconds, 4);
  });

  it("do not take a lucky answer for the end of an outage", () => {
    const samples = requests("writer", "iiixxixxisss");
    assert.equal(clientFigures("writer", samples, at(2.5)).rtoSeconds, 5.51);
  });

  it("count the time without service of every outage, the last one to its last request", () => {
    assert.equal(clientFigures("page", requests("page", "ixxsixxx"), at(0)).unavailableSeconds, 4.02);
    assert.equal(clientFigures("page", requests("page", "iiii"), at(0)).unavailableSeconds, 0);
  });

  it("look at one client's requests only, and at none after the fault when there was none", () => {
    const samples = [...requests("writer", "iixx"), ...requests("reader", "iiii")];
    const { requests: sent, failed } = clientFigures("reader", samples, at(1));
    assert.deepEqual([sent, failed], [4, 0]);
    const untouched = clientFigures("writer", samples, undefined);
    assert.deepEqual([untouched.failed, "rtoSeconds" in untouched], [2, false]);
  });

  it("take the times of answers for percentiles, and of all requests for the slowest", () => {
    const samples = [1, 2, 3, 4].map((second) => sample("page", second, { milliseconds: second * 100 }));
    const failed = sample("page", 5, { ok: false, milliseconds: 5000 });
    const figures = clientFigures("page", [...samples, failed], undefined);
    assert.deepEqual(
      [figures.p50Milliseconds, figures.p99Milliseconds, figures.slowestMilliseconds],
      [200, 400, 5000],
    );
  });

  it("have an RTO as long as the longest run of failures at least, and no longer than the drill", () => {
    const letters = fc.array(fc.constantFrom("i", "s", "x"), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(letters, (sent) => {
        const { rtoSeconds, unavailableSeconds } = clientFigures(
          "writer",
          requests("writer", sent.join("")),
          at(0),
        );
        const runs = sent.join("").match(/x+/g) ?? [];
        assert.equal(rtoSeconds === undefined, runs.length === 0);
        assert.ok(unavailableSeconds <= sent.length);
        if (typeof rtoSeconds !== "number") return;
        assert.ok(rtoSeconds >= Math.max(...runs.map(({ length }) => length)));
        assert.ok(rtoSeconds <= sent.length);
        assert.match(sent.join(""), /[is]{3}/);
      }),
    );
  });
});

describe("A drill's percentiles", () => {
  it("are the nearest rank, and 0 of nothing", () => {
    assert.equal(percentile([], 50), 0);
    assert.deepEqual(
      [1, 50, 99, 100].map((percent) => percentile([5, 1, 3, 2, 4], percent)),
      [1, 3, 5, 5],
    );
  });

  it("of the lag are those of the writes before a moment", () => {
    const arrivals = [1, 2, 3, 9].map((second) => ({
      write: { id: "1", kind: "create", version: "v", at: at(second), region: "ireland" } as const,
      lagMs: second * 10,
    }));
    assert.deepEqual(lagFigures(arrivals, at(9)), { writes: 3, p50: 20, p99: 30 });
    assert.deepEqual(lagFigures(arrivals), { writes: 4, p50: 20, p99: 90 });
  });
});
