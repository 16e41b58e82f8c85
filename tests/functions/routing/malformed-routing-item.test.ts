import assert from "node:assert/strict";
import { readSentinelState } from "../../../functions/sentinel/sentinel-table";
import type { Image } from "../../../functions/shared/image";
import { changedItem, readRoutingItem } from "../../../functions/routing/routing-item";
import { replaceRouting } from "../../../functions/routing/routing-table";
import { routingOperation } from "../../../functions/routing/routing";
import { isUnreadable, unreadableItem } from "../../../functions/shared/stored-item";
import type { ApiRequest } from "../../../functions/http/api";
import { isProblem } from "../../../functions/http/problem";
import { toImage } from "../../../testing/attribute-values";
import { captureLogs } from "../../support/logs";
import { NOW, SINGAPORE } from "../../../testing/tickets";
import { SentinelWorld } from "../sentinel/sentinel-world";
import { MemoryRouting } from "./memory-routing";

const AT = new Date(NOW).toISOString();
const EVENT = { by: "operator ada", at: AT, reason: "Ireland burns" };
const ITEM = changedItem(SINGAPORE, undefined, { what: "takeover", ...EVENT });
const stored = (attributes: object): Image => toImage({ ...ITEM, ...attributes }) as Image;

/** Items with the routing key that the application never writes. */
const FORGED: Record<string, Image> = {
  "the forged item of a replication": toImage({
    id: ITEM.id,
    takeover: true,
    revision: "x",
    events: "nonsense",
    origin: "eu-west-1",
    version: 1,
  }) as Image,
  "an item with an origin": stored({ origin: "eu-west-1" }),
  "an item with a version": stored({ version: "v" }),
  "a takeover without an event": stored({ events: [] }),
  "events of another kind": stored({ events: [{ what: "nothing", ...EVENT }] }),
  "an event of another kind before the last one": stored({
    events: [
      { what: "nothing", ...EVENT },
      { what: "takeover", ...EVENT },
    ],
  }),
  "a takeover whose last event is a failback": stored({ events: [{ what: "failback", ...EVENT }] }),
  "an event without a time": stored({ at: "then", events: [{ what: "takeover", ...EVENT, at: "then" }] }),
  "another reason than that of its last event": stored({ reason: "other" }),
  "a takeover that is a text": stored({ takeover: "true" }),
  "a revision of 38 digits": { ...stored({}), revision: { N: "12345678901234567890123456789012345678" } },
  "a revision that cannot be counted up": stored({ revision: Number.MAX_SAFE_INTEGER }),
  "a revision below zero": stored({ revision: -1 }),
  "bytes, sets and nothing else": {
    id: { S: ITEM.id },
    a: { B: new Uint8Array([1, 2]) },
    b: { NS: ["1.5"] },
    c: { NULL: true },
  },
};

describe("Malformed routing item", () => {
  const logs = captureLogs();
  const errorOf = (image: Image): ReturnType<typeof unreadableItem> => {
    try {
      readRoutingItem(image);
    } catch (error) {
      if (isUnreadable(error)) return error;
      throw error;
    }
    return assert.fail("It was read.");
  };

  it("is never written by the application", () => {
    assert.deepEqual(readRoutingItem(stored({})), ITEM);
    const back = changedItem(SINGAPORE, ITEM, { what: "forced failback", ...EVENT });
    assert.deepEqual(readRoutingItem(toImage(back) as Image), back);
  });

  for (const [what, image] of Object.entries(FORGED)) {
    it(`is rejected with its content: ${what}`, () => {
      assert.match(
        errorOf(image).message,
        /^The item routing-ap-southeast-1 is malformed: .* Its content is \{.*$/,
      );
    });

    it(`does not move DNS: ${what}`, async () => {
      const table = { read: () => Promise.reject(errorOf(image)) };
      const route = routingOperation({
        table,
        region: SINGAPORE,
        primary: async () => "ireland",
        now: () => NOW,
      });
      const problem = await route({} as ApiRequest).catch((error: unknown) => error);
      assert.ok(isProblem(problem) && problem.problem.status === 503);
      assert.doesNotMatch(JSON.stringify(problem), /"takeover":|nonsense/);
      assert.match(String(logs.lines[0].reason), /is malformed/);
    });
  }

  it("is displayed escaped and shortened", () => {
    const { message } = errorOf(stored({ reason: `\u001b[2J\u202e${"x".repeat(100_000)}` }));
    assert.ok(message.length < 1500, String(message.length));
    assert.doesNotMatch(message, /[\p{Cc}\p{Cf}]/u);
  });

  it("is replaced once, by a valid item with a revision above all earlier ones", async () => {
    const table = new MemoryRouting();
    const error = errorOf(stored({ origin: "x", revision: 41 }));
    table.unreadable = error;
    const event = { what: "forced failback", ...EVENT } as const;
    assert.equal(await replaceRouting(table, SINGAPORE, error, event), true);
    const { item } = table;
    assert.ok(item && !item.takeover && item.revision > 41);
    assert.deepEqual(readRoutingItem(toImage(item) as Image), item);
    // The response was lost and the SDK retried.
    assert.equal(await replaceRouting(table, SINGAPORE, error, event), true);
    assert.equal(await replaceRouting(table, SINGAPORE, error, { ...event, by: "another" }), false);
    assert.equal(table.item, item);
  });

  for (const revision of [10 ** 15, 10 ** 15 + 1, Number.MAX_SAFE_INTEGER, 2 ** 53])
    it(`is replaced by a valid one if its revision is ${revision}`, async () => {
      const table = new MemoryRouting();
      const error = errorOf(stored({ origin: "x", revision }));
      table.unreadable = error;
      assert.ok(await replaceRouting(table, SINGAPORE, error, { what: "forced failback", ...EVENT }));
      const item = table.item && readRoutingItem(toImage(table.item) as Image);
      assert.ok(
        item &&
          readRoutingItem(toImage(changedItem(SINGAPORE, item, { what: "takeover", ...EVENT })) as Image),
      );
    });

  it("neither causes a takeover nor stops the sentinel", async () => {
    const world = new SentinelWorld();
    world.routing.unreadable = errorOf(FORGED["an item with an origin"]);
    await world.run("one", 60);
    assert.deepEqual([world.routing.item, world.metrics], [undefined, []]);
    assert.ok(world.routing.unreadable && world.state?.healthySince !== undefined);
  });

  it("is replaced by the takeover of the sentinel if the other region fails", async () => {
    const world = new SentinelWorld();
    world.routing.unreadable = errorOf(FORGED["the forged item of a replication"]);
    world.probe = (name) => ({ ok: name !== "ireland" });
    await world.run("one", 60);
    assert.equal(world.routing.item?.takeover, true);
    assert.ok(
      logs.lines.some(({ reason }) => /nonsense/.test(String(reason))),
      "Its content must be logged before.",
    );
  });
});

describe("Malformed state of a sentinel", () => {
  captureLogs();
  const STATE = {
    id: "sentinel-ap-southeast-1",
    runner: "r",
    failures: 2,
    failedAt: [1, 2],
    primary: "ireland",
    probedAt: 5,
  };

  it("is never written by a sentinel", () => {
    assert.deepEqual(readSentinelState(toImage(STATE) as Image), STATE);
  });

  for (const attributes of [
    { origin: "eu-west-1" },
    { runner: 1 },
    { failures: "many" },
    { probedAt: "now" },
    { probedAt: -1 },
    { healthySince: 1.5 },
    { failedAt: "x" },
    { failedAt: ["x"] },
    { primary: 7 },
  ])
    it(`is rejected and replaced: ${JSON.stringify(attributes)}`, async () => {
      const world = new SentinelWorld();
      try {
        readSentinelState(toImage({ ...STATE, ...attributes }) as Image);
        assert.fail("It was read.");
      } catch (error) {
        assert.ok(isUnreadable(error), String(error));
        world.unreadable = error;
      }
      await world.run("one", 60);
      assert.ok(world.state?.healthySince !== undefined);
    });

  it("does not prevent a takeover: failures count at once", async () => {
    const world = new SentinelWorld();
    world.unreadable = unreadableItem(
      toImage({ ...STATE, failures: "many" }) as Image,
      "failures is no number",
    );
    world.probe = (name) => ({ ok: name !== "ireland" });
    await world.run("one");
    assert.equal(world.takenAt(), NOW + 30_000);
  });
});
