import assert from "node:assert/strict";
import { embeddedMetrics, MetricData } from "../../../functions/shared/metrics";

const DATA: MetricData = {
  timestamp: 1_763_930_000_000,
  dimensions: { FunctionName: "replicator", SourceRegion: "eu-west-1" },
  metrics: {
    Applied: { unit: "Count", values: [2] },
    Lag: { unit: "Milliseconds", values: [40, 60] },
    Nothing: { unit: "Count", values: [] },
  },
};

describe("embeddedMetrics", () => {
  it("returns one line with the values and the directive that names them", () => {
    const lines = embeddedMetrics(DATA);
    assert.equal(lines.length, 1);
    assert.ok(!lines[0].includes("\n"));
    assert.deepEqual(JSON.parse(lines[0]), {
      _aws: {
        Timestamp: 1_763_930_000_000,
        CloudWatchMetrics: [
          {
            Namespace: "Tickets",
            Dimensions: [["FunctionName", "SourceRegion"]],
            Metrics: [
              { Name: "Applied", Unit: "Count" },
              { Name: "Lag", Unit: "Milliseconds" },
            ],
          },
        ],
      },
      FunctionName: "replicator",
      SourceRegion: "eu-west-1",
      Applied: 2,
      Lag: [40, 60],
    });
  });

  it("keeps a value of zero", () => {
    const metrics = { Applied: { unit: "Count", values: [0] } } as const;
    assert.equal(JSON.parse(embeddedMetrics({ ...DATA, metrics })[0]).Applied, 0);
  });

  it("splits a metric with more than 100 values into several documents", () => {
    const values = Array.from({ length: 201 }, (_, index) => index);
    const metrics = { ...DATA.metrics, Lag: { unit: "Milliseconds", values } } as const;
    const documents = embeddedMetrics({ ...DATA, metrics }).map((line) => JSON.parse(line));
    assert.deepEqual(
      documents.map(({ Lag }) => [Lag].flat().length),
      [100, 100, 1],
    );
    assert.deepEqual(
      documents.flatMap(({ Lag }) => Lag),
      values,
    );
    assert.deepEqual(
      documents.map(({ Applied }) => Applied),
      [2, undefined, undefined],
    );
  });

  it("returns nothing without values", () => {
    assert.deepEqual(embeddedMetrics({ ...DATA, metrics: { Nothing: DATA.metrics.Nothing } }), []);
    assert.deepEqual(embeddedMetrics({ ...DATA, metrics: {} }), []);
  });
});
