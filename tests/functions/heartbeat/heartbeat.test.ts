import assert from "node:assert/strict";
import { sendHeartbeat, HeartbeatItem } from "../../../functions/heartbeat/heartbeat";
import type { MetricData } from "../../../functions/shared/metrics";
import type { Image } from "../../../functions/shared/image";
import { readStreamRecord } from "../../../functions/replication/stream-record";
import { parseVersion } from "../../../functions/replication/version";
import { heartbeatIds } from "../../../functions/shared/reserved-items";
import { toImage } from "../../../testing/attribute-values";
import { captureLogs } from "../../support/logs";
import { inserted } from "../../../testing/stream-records";
import { IRELAND, NOW, SINGAPORE, versionAt } from "../../../testing/tickets";

const FIRST = "heartbeat-ap-southeast-1";

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
        read: async (ids) => {
          const stored = ids.filter((id) => arrived[id] !== undefined);
          return new Map(stored.map((id) => [id, imageOf(id, arrived[id], more)]));
        },
      },
    });

  it("writes sixteen items that replicate and are in no listing", async () => {
    await beatOf(IRELAND, SINGAPORE, {});
    const others = Array.from({ length: 15 }, (_, index) => `heartbeat-eu-west-1-${index + 1}`);
    assert.deepEqual(
      written,
      ["heartbeat-eu-west-1", ...others].map((id) => ({
        ...{ id, version: versionAt(0), origin: IRELAND, seen: {} },
      })),
    );
    for (const item of written)
      assert.equal(readStreamRecord(inserted(item, 1), IRELAND).kind, "replicate", item.id);
  });

  it("measures the age of the oldest item, in one line", async () => {
    const arrived = everyItem(versionAt(-61_000, SINGAPORE));
    await beatOf(IRELAND, SINGAPORE, { ...arrived, [`${FIRST}-7`]: versionAt(-240_000, SINGAPORE) });
    assert.deepEqual(
      metrics.map((data) => data.metrics.HeartbeatAge.values),
      [[240_000]],
    );
  });

  for (const missing of [FIRST, `${FIRST}-7`])
    it(`measures nothing while ${missing} is missing, which raises the alarm`, async () => {
      const arrived = everyItem(versionAt(-1000, SINGAPORE));
      delete arrived[missing];
      await beatOf(IRELAND, SINGAPORE, arrived);
      assert.deepEqual(metrics, []);
    });

  it("ignores and logs one malformed item among the others, and measures nothing", async () => {
    const arrived = { ...everyItem(versionAt(-1000, SINGAPORE)), [`${FIRST}-7`]: "zzz" };
    await beatOf(IRELAND, SINGAPORE, arrived);
    assert.deepEqual(metrics, []);
    assert.match(String(logs.lines[0].reason), /heartbeat-ap-southeast-1-7 is malformed/);
  });

  it("measures the age of the only item that an earlier version of the program writes", async () => {
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
      assert.deepEqual([metrics, written.length], [[], 16]);
      assert.match(
        String(logs.lines[0].reason),
        /heartbeat-ap-southeast-1 is malformed: .* Its content is \{"id".*u001b/,
      );
    });
});

function everyItem(version: string): Record<string, string> {
  return Object.fromEntries(heartbeatIds(SINGAPORE).map((id) => [id, version]));
}

function imageOf(id: string, version: string, more: object): Image {
  return toImage({ id, version, origin: parseVersion(version)?.region ?? "", ...more }) as Image;
}
