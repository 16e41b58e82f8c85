import assert from "node:assert/strict";
import fc from "fast-check";
import { clientFigures, lagFigures, percentile } from "../../../../operations/drill/report/figures";
import { at, requests, sample } from "../support/drill-fixtures";

describe("Client figures of a drill", () => {
  it("omits the RTO when no request failed, and sets it to null when service did not return", () => {
    const figures = clientFigures("writer", requests("writer", "iiiisss"), at(4));
    assert.equal("rtoSeconds" in figures, false);
    assert.equal(figures.movedAfterSeconds, 0.01);
    assert.equal(clientFigures("writer", requests("writer", "iiixxxx"), at(3)).rtoSeconds, null);
  });

  it("counts a request in flight at the fault as moved when the other region answers", () => {
    const moved = sample("page", 3.9, { milliseconds: 1100, region: "singapore" });
    const samples = [...requests("page", "iii"), moved, ...requests("page", "ss", 5)];
    assert.equal(clientFigures("page", samples, at(4)).movedAfterSeconds, 1);
  });

  it("measures the RTO from the fault to the first answer of steady service", () => {
    const samples = requests("writer", "iiiixxxxxsss");
    assert.equal(clientFigures("writer", samples, at(3.5)).rtoSeconds, 5.51);
    assert.equal(clientFigures("writer", samples, at(3.5)).movedAfterSeconds, 5.51);
  });

  it("takes the longest interruption as RTO, from the last successful answer before it", () => {
    const samples = requests("page", "iisxsssssxxxssss");
    assert.equal(clientFigures("page", samples, at(1.5)).rtoSeconds, 4);
  });

  it("does not end an outage at a single successful answer", () => {
    const samples = requests("writer", "iiixxixxisss");
    assert.equal(clientFigures("writer", samples, at(2.5)).rtoSeconds, 5.51);
  });

  it("adds up the time without service, for an unfinished outage to its last request", () => {
    assert.equal(clientFigures("page", requests("page", "ixxsixxx"), at(0)).unavailableSeconds, 4.02);
    assert.equal(clientFigures("page", requests("page", "iiii"), at(0)).unavailableSeconds, 0);
  });

  it("uses the requests of one client only, and omits the RTO without a fault", () => {
    const samples = [...requests("writer", "iixx"), ...requests("reader", "iiii")];
    const { requests: sent, failed } = clientFigures("reader", samples, at(1));
    assert.deepEqual([sent, failed], [4, 0]);
    const untouched = clientFigures("writer", samples, undefined);
    assert.deepEqual([untouched.failed, "rtoSeconds" in untouched], [2, false]);
  });

  it("uses successful requests for percentiles, and all requests for the slowest", () => {
    const samples = [1, 2, 3, 4].map((second) => sample("page", second, { milliseconds: second * 100 }));
    const failed = sample("page", 5, { ok: false, milliseconds: 5000 });
    const figures = clientFigures("page", [...samples, failed], undefined);
    assert.deepEqual(
      [figures.p50Milliseconds, figures.p99Milliseconds, figures.slowestMilliseconds],
      [200, 400, 5000],
    );
  });

  it("returns an RTO between the longest run of failures and the duration of the drill", () => {
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

describe("Percentiles of a drill", () => {
  it("returns the nearest rank, and 0 for no numbers", () => {
    assert.equal(percentile([], 50), 0);
    assert.deepEqual(
      [1, 50, 99, 100].map((percent) => percentile([5, 1, 3, 2, 4], percent)),
      [1, 3, 5, 5],
    );
  });

  it("computes the lag of the writes before a time", () => {
    const arrivals = [1, 2, 3, 9].map((second) => ({
      write: { id: "1", kind: "create", version: "v", at: at(second), region: "ireland" } as const,
      lagMs: second * 10,
    }));
    assert.deepEqual(lagFigures(arrivals, at(9)), { writes: 3, p50: 20, p99: 30 });
    assert.deepEqual(lagFigures(arrivals), { writes: 4, p50: 20, p99: 90 });
  });
});
