import assert from "node:assert/strict";
import { heartbeatIds } from "../../../functions/shared/reserved-items";
import type { Image } from "../../../functions/shared/image";
import { heartbeatTimes } from "../../../operations/status/heartbeats";
import { IRELAND, NOW, versionAt } from "../../../testing/tickets";

const IDS = heartbeatIds(IRELAND);

describe("heartbeatTimes", () => {
  /** Times of the items in each table, in milliseconds after `NOW`. */
  const timesOf = (
    written: Readonly<Record<string, number>>,
    arrived: Readonly<Record<string, number>>,
  ): ReturnType<typeof heartbeatTimes> => {
    const source = (name: string, items: Readonly<Record<string, number>>) => ({
      region: { name, code: name === "ireland" ? IRELAND : "ap-southeast-1" },
      read: async (ids: readonly string[]) =>
        new Map(ids.filter((id) => id in items).map((id) => [id, imageAt(id, items[id])])),
    });
    return heartbeatTimes(source("ireland", written), source("singapore", arrived), () => NOW + 60_000);
  };
  const all = (milliseconds: number): Record<string, number> =>
    Object.fromEntries(IDS.map((id) => [id, milliseconds]));

  it("reports the lag of the item that is furthest behind", async () => {
    assert.deepEqual(await timesOf(all(10), all(10)), { behindMs: 0, written: NOW + 10 });
    const arrived = { ...all(60_000), [IDS[7]]: -120_000 };
    assert.deepEqual(await timesOf(all(60_000), arrived), { behindMs: 180_000, written: NOW + 60_000 });
  });

  it("reports the time of the item that was written first", async () => {
    const items = { ...all(60_000), [IDS[15]]: 0 };
    assert.deepEqual(await timesOf(items, items), { behindMs: 0, written: NOW });
  });

  it("rejects an item that has not arrived yet", async () => {
    const arrived = all(10);
    delete arrived[IDS[9]];
    await assert.rejects(timesOf(all(10), arrived), {
      message: "no heartbeat-eu-west-1-9 of ireland has reached singapore yet",
    });
  });

  it("rejects an item that is not written any more, and a region without a heartbeat", async () => {
    const written = all(10);
    delete written[IDS[0]];
    await assert.rejects(
      timesOf(written, all(10)),
      /no heartbeat-eu-west-1 of ireland has reached ireland yet/,
    );
    await assert.rejects(timesOf({}, {}), /no heartbeat-eu-west-1 of ireland has reached ireland yet/);
  });

  it("expects one item of an earlier version of the program", async () => {
    const [first] = IDS;
    assert.deepEqual(await timesOf({ [first]: 20 }, { [first]: 10 }), { behindMs: 10, written: NOW + 20 });
  });
});

function imageAt(id: string, milliseconds: number): Image {
  return { id: { S: id }, version: { S: versionAt(milliseconds) }, origin: { S: IRELAND } };
}
