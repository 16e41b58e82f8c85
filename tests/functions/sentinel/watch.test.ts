import assert from "node:assert/strict";
import { changedItem } from "../../../functions/routing/routing-item";
import type { ProbeResult } from "../../../functions/sentinel/health-probe";
import type { SentinelState } from "../../../functions/sentinel/sentinel-state";
import { captureLogs } from "../../support/logs";
import { NOW, SINGAPORE } from "../../../testing/tickets";
import { SentinelWorld } from "./sentinel-world";

describe("Sentinel", () => {
  const logs = captureLogs();
  let world: SentinelWorld;
  beforeEach(() => (world = new SentinelWorld()));
  const failing = (name: string): ProbeResult =>
    name === "ireland" ? { ok: false, reason: "ECONNREFUSED" } : { ok: true };

  it("takes over with a reason if the primary failed for the configured time, and continues to watch", async () => {
    world.probe = failing;
    await world.run("one");
    const { item } = world.routing;
    assert.deepEqual([item?.takeover, item?.by, item?.events.length], [true, "sentinel", 1]);
    assert.match(
      item?.reason ?? "",
      /^ireland: all 4 probes within 30 s failed; the last one: ECONNREFUSED$/,
    );
    assert.equal(item?.at, new Date(NOW + 30_000).toISOString());
    assert.equal(world.state?.probedAt, NOW + 120_000);
    assert.equal(logs.lines.filter(({ event }) => event === "takeover").length, 1);
    assert.deepEqual(
      world.metrics.map(({ metrics }) => metrics.TakenOver.values[0]),
      [0, 0, 0, 0, ...Array(10).fill(1)],
    );
  });

  it("does not take over in a first deployment, whose primary fails until it is complete, whatever the name resolves to", async () => {
    // An assignment would narrow the type, which TypeScript does not widen after the runs.
    Object.assign(world, { state: undefined });
    world.roles = { primary: "ireland", serving: "singapore" };
    world.probe = (name, second) => (second < 100 ? failing(name) : { ok: true });
    await world.run("one");
    await world.run("two");
    assert.equal(world.routing.item, undefined);
    const state = world.state as SentinelState | undefined;
    assert.equal(state?.healthySince, NOW + 100_000);
  });

  it("does nothing while the primary is healthy, and records since when", async () => {
    await world.run("one");
    assert.equal(world.routing.item, undefined);
    assert.deepEqual([world.state?.healthySince, world.now], [NOW, NOW + 130_000]);
    assert.equal(world.probed.length, 13);
  });

  it("continues where the previous invocation ended", async () => {
    world.probe = (name, second) => (second >= 50 ? failing(name) : { ok: true });
    await world.run("one", 60);
    assert.equal(world.takenAt(), undefined);
    await world.run("two");
    assert.equal(world.takenAt(), NOW + 80_000);
  });

  it("continues with its state if the next invocation does not start", async () => {
    world.probe = (name, second) => (second >= 100 ? failing(name) : { ok: true });
    await world.run("one", 120);
    assert.equal(world.takenAt(), undefined);
    await world.run("three");
    assert.equal(world.takenAt(), NOW + 130_000);
  });

  it("ends when a newer invocation watches", async () => {
    world.probe = failing;
    await world.run("one", 20);
    assert.equal(world.routing.item, undefined);
    assert.equal(world.state?.runner, "another");
  });

  it("takes over only once its own region is healthy", async () => {
    world.probe = (name, second) =>
      name === "singapore" && second < 40 ? { ok: false, reason: "throttled" } : failing(name);
    await world.run("one");
    assert.equal(world.routing.item?.at, new Date(NOW + 40_000).toISOString());
    assert.equal(logs.lines.filter(({ level }) => level === "ERROR").length, 1);
  });

  it("takes over although its own health check is throttled", async () => {
    const throttled: ProbeResult = {
      ok: false,
      throttled: true,
      reason: "it returned 429, too many requests",
    };
    world.probe = (name) => (name === "singapore" ? throttled : failing(name));
    await world.run("one");
    assert.equal(world.takenAt(), NOW + 30_000);
  });

  it("does not take over because the health check of the primary is throttled", async () => {
    const throttled: ProbeResult = {
      ok: false,
      throttled: true,
      reason: "it returned 429, too many requests",
    };
    world.probe = (name, second) => (name === "ireland" && second >= 30 ? throttled : failing(name));
    await world.run("one");
    await world.run("two");
    assert.equal(world.takenAt(), undefined);
    assert.equal(world.state?.failures, 3);
  });

  it("ends if its own region is the primary", async () => {
    world.roles = { primary: "singapore", serving: "singapore" };
    world.probe = failing;
    await world.run("one");
    assert.deepEqual([world.probed, world.routing.item, world.now], [[], undefined, NOW]);
  });

  it("uses the last known role if DNS does not respond, and none before the first response", async () => {
    world.roles = {};
    await world.run("one");
    // The missing metric raises the alarm.
    assert.deepEqual([world.probed, world.metrics], [[], []]);
    assert.match(String(logs.lines[0].reason), /DNS has never returned/);
    world.roles = { primary: "ireland" };
    await world.run("two");
    world.roles = {};
    world.probe = failing;
    await world.run("three");
    assert.equal(world.routing.item?.takeover, true);
  });

  it("does not change a takeover by an operator", async () => {
    const by = { by: "operator ada", at: new Date(NOW).toISOString(), reason: "drill" };
    world.routing.item = changedItem(SINGAPORE, undefined, { what: "takeover", ...by });
    world.probe = failing;
    await world.run("one");
    const { item } = world.routing;
    assert.deepEqual([item?.revision, item?.by], [1, "operator ada"]);
  });

  it("does not undo a forced failback until the primary was healthy once", async () => {
    world.probe = (name, second) => (second >= 70 && second < 80 ? { ok: true } : failing(name));
    await world.run("one", 60);
    const forced = { by: "operator ada", at: new Date(world.now).toISOString(), reason: "I know better" };
    world.routing.item = changedItem(SINGAPORE, world.routing.item, { what: "forced failback", ...forced });
    await world.run("two", 120);
    await world.run("three");
    const { events = [] } = world.routing.item;
    assert.deepEqual(
      events.map(({ what, at }) => [what, (Date.parse(at) - NOW) / 1000]),
      [
        ["takeover", 30],
        ["forced failback", 60],
        ["takeover", 110],
      ],
    );
  });

  it("does not take over if an operator changes the item after the probe", async () => {
    world.probe = failing;
    world.routing.beforeWrite = () => {
      const by = { by: "operator ada", at: new Date(NOW).toISOString(), reason: "now" };
      const taken = changedItem(SINGAPORE, undefined, { what: "takeover", ...by });
      world.routing.item = changedItem(SINGAPORE, taken, { what: "forced failback", ...by });
      world.routing.beforeWrite = () => undefined;
    };
    await world.run("one");
    assert.equal(world.routing.item?.takeover, false);
    assert.equal(world.routing.item?.revision, 2);
  });

  for (const moment of ["before", "after"] as const)
    it(`leaves a consistent state when it is killed ${moment} any call, and the next invocation takes over`, async () => {
      let call = 0;
      for (let isOver = false; !isOver; call++) {
        world = new SentinelWorld();
        world.probe = failing;
        isOver = !(await world.runUntilKilled("one", call, moment));
        const { item } = world.routing;
        assert.ok(item === undefined || (item.takeover && item.events.length === 1));
        await world.run("two");
        assert.deepEqual([world.routing.item?.takeover, world.routing.item?.events.length], [true, 1]);
      }
      assert.ok(call > 20, `It made ${call} calls only.`);
    });

  it("ignores a round in which its own table fails", async () => {
    const { routing } = world;
    const read = routing.read.bind(routing);
    world.probe = failing;
    routing.read = async () => {
      if (world.now === NOW + 10_000) throw new Error("The table is away.");
      return read();
    };
    await world.run("one");
    assert.match(routing.item?.reason ?? "", /all 3 probes within 30 s/);
    assert.equal(logs.lines.find(({ reason }) => reason === "The table is away.")?.level, "WARN");
  });
});
