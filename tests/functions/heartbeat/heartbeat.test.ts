import assert from "node:assert/strict";
import { sendHeartbeat, HeartbeatItem } from "../../../functions/heartbeat/heartbeat";
import type { MetricData } from "../../../functions/shared/metrics";
import type { Image } from "../../../functions/shared/image";
import { readStreamRecord } from "../../../functions/replication/stream-record";
import { parseVersion } from "../../../functions/replication/version";
import { toImage } from "../../../testing/attribute-values";
import { captureLogs } from "../../support/logs";
import { inserted } from "../../../testing/stream-records";
import { IRELAND, NOW, SINGAPORE, versionAt } from "../../../testing/tickets";

describe("Heartbeat", () => {
  const logs = captureLogs();
  let written: HeartbeatItem[];
  let metrics: MetricData[];
  beforeEach(() => {
    written = [];
    metrics = [];
  });

  const beatOf = (
    region: string,
    otherRegion: string,
    arrived: Record<string, string>,
    more: object = {},
  ): Promise<void> =>
    sendHeartbeat({
      region,
      otherRegion,
      functionName: "heart",
      now: () => NOW,
      write: (data) => metrics.push(data),
      table: {
        write: async (item) => void written.push(item),
        read: async (id) => {
          const version = arrived[id];
          if (version === undefined) return undefined;
          const item = { id, version, origin: parseVersion(version)?.region ?? "", ...more };
          return toImage(item) as Image;
        },
      },
    });

  it("writes an item that replicates and is in no listing", async () => {
    await beatOf(IRELAND, SINGAPORE, {});
    assert.deepEqual(written, [
      { id: "heartbeat-eu-west-1", version: versionAt(0), origin: IRELAND, seen: {} },
    ]);
    assert.equal(readStreamRecord(inserted(written[0], 1), IRELAND).kind, "replicate");
  });

  it("measures the age of the other region's last heartbeat", async () => {
    await beatOf(IRELAND, SINGAPORE, { "heartbeat-ap-southeast-1": versionAt(-61_000, SINGAPORE) });
    assert.deepEqual(metrics, [
      {
        timestamp: NOW,
        dimensions: { FunctionName: "heart", SourceRegion: SINGAPORE, TargetRegion: IRELAND },
        metrics: { HeartbeatAge: { unit: "Milliseconds", values: [61_000] } },
      },
    ]);
  });

  it("measures an age of 0 for a heartbeat from a clock that is ahead", async () => {
    await beatOf(SINGAPORE, IRELAND, { "heartbeat-eu-west-1": versionAt(500) });
    assert.deepEqual(metrics[0].metrics.HeartbeatAge.values, [0]);
  });

  it("measures nothing before the other region's first heartbeat arrives, which raises the alarm", async () => {
    await beatOf(IRELAND, SINGAPORE, { "heartbeat-eu-west-1": versionAt(0) });
    assert.deepEqual(metrics, []);
  });

  for (const [what, version, more] of [
    ["of another region", versionAt(0), { origin: IRELAND }],
    ["of a year ahead", versionAt(365 * 86_400_000, SINGAPORE), {}],
    ["without a version", "zzz", { origin: SINGAPORE }],
  ] as const)
    it(`ignores and logs an item ${what}, and still writes its own heartbeat`, async () => {
      await beatOf(
        IRELAND,
        SINGAPORE,
        { "heartbeat-ap-southeast-1": version },
        { ...more, note: "\u001b[2J" },
      );
      assert.deepEqual([metrics, written.length], [[], 1]);
      assert.match(
        String(logs.lines[0].reason),
        /heartbeat-ap-southeast-1 is malformed: .* Its content is \{"id".*u001b/,
      );
    });
});
