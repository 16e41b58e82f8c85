import assert from "node:assert/strict";
import type { RegionalClient } from "../../ui/src/data/regional-client";
import { headerStatus, failoverNotice } from "../../ui/src/region-status-text";
import { FakeClock } from "./fake-clock";
import { FakeRegions, ireland, singapore } from "./fake-regions";

const LIST = { method: "GET", path: "/tickets?limit=1" } as const;

describe("Header of the web UI", () => {
  let clock: FakeClock;
  let regions: FakeRegions;
  let client: RegionalClient;

  const open = (preferred: string, hasRouting = false): void => {
    client = regions.newClient({ preferred, hasRouting });
  };

  beforeEach(() => {
    clock = new FakeClock();
    regions = new FakeRegions(clock);
    open(singapore.code);
  });

  const shown = (home = singapore.code): string => {
    const { kind, serving, text } = headerStatus(client.state.value, [ireland, singapore], home);
    return `${kind}: ${serving}: ${text}`;
  };
  const text = (): string => headerStatus(client.state.value, [ireland, singapore], singapore.code).text;

  it("shows a region on standby only after it responds", async () => {
    await client.send(LIST);
    assert.equal(text(), "Checking Ireland.");
    await client.checkOthers();
    assert.equal(text(), "Ireland is on standby.");
    assert.deepEqual(regions.takeRequests(), ["GET singapore /tickets", "GET ireland /tickets"]);
  });

  for (const [behavior, expected] of [
    ["disconnects", "Ireland does not respond."],
    ["hangs", "Ireland does not respond."],
    [503, "Ireland is unavailable (HTTP 503)."],
    [500, "Ireland returns errors (HTTP 500)."],
    ["busy", "Ireland is busy."],
    ["busy, hidden", "Ireland is busy."],
  ] as const)
    it(`shows how the other region fails: ${behavior}`, async () => {
      await client.send(LIST);
      await client.checkOthers();
      regions.setBehavior(ireland, behavior);
      await clock.runUntil(client.checkOthers());
      assert.equal(text(), expected);
      regions.setBehavior(ireland, "up");
      await client.checkOthers();
      assert.equal(text(), "Ireland is on standby.");
    });

  it("shows standby when the first response takes as long as a cold start", async () => {
    await client.send(LIST);
    regions.setBehavior(ireland, "slow");
    await clock.runUntil(client.checkOthers());
    assert.equal(text(), "Ireland is on standby.");
  });

  it("shows the results of the requests of the web UI", async () => {
    regions.setBehavior(singapore, "disconnects");
    await client.send(LIST);
    assert.equal(
      shown(),
      "other: Ireland · eu-west-1: Singapore does not respond. Ireland serves until Singapore is healthy.",
    );
    regions.setBehavior(ireland, 503);
    await assert.rejects(client.send(LIST));
    assert.equal(
      shown(),
      "down: No region available: Ireland is unavailable (HTTP 503). Singapore does not respond. Retrying. What you type is kept.",
    );
    regions.setBehavior(ireland, "disconnects");
    await assert.rejects(client.send(LIST));
    assert.match(shown(), /Neither Ireland nor Singapore responds\./);
    regions.setBehavior(singapore, "up");
    await client.send(LIST);
    await client.checkPreferred();
    assert.equal(shown(), "preferred: Singapore · ap-southeast-1: Ireland does not respond.");
  });

  it("shows that the region that serves is busy, also when another one is preferred", async () => {
    regions.setBehavior(singapore, "disconnects");
    await client.send(LIST);
    regions.setBehavior(ireland, "busy");
    await assert.rejects(clock.runUntil(client.send(LIST)));
    assert.equal(
      shown(),
      "other: Ireland · eu-west-1: Ireland is busy, retrying. Singapore does not respond. Ireland serves until Singapore is healthy.",
    );
  });

  it("shows that the preferred region responds again before the web UI returns to it", async () => {
    regions.setBehavior(singapore, "disconnects");
    await client.send(LIST);
    regions.setBehavior(singapore, "up", "read");
    await client.checkOthers();
    assert.match(shown(), /^other: Ireland .*: Singapore responds again\. Ireland serves until Singapore/);
  });

  it("names no region before the routing states were asked for, and is consistent after a takeover", async () => {
    open(ireland.code, true);
    regions.singapore.takeover = true;
    const seen: string[] = [];
    const failovers: string[] = [];
    let before = client.state.peek();
    client.state.subscribe((state) => {
      const line = shown(ireland.code);
      if (seen.at(-1) !== line) seen.push(line);
      const notice = failoverNotice(before, state);
      before = state;
      if (notice) failovers.push(notice);
    });
    await Promise.all([client.send(LIST), client.checkOthers()]);
    await client.followRouting();
    assert.deepEqual(seen, [
      "unknown: Connecting…: Finding the region that serves.",
      "preferred: Singapore · ap-southeast-1: Traffic is routed to Singapore. Ireland is on standby.",
    ]);
    assert.deepEqual(failovers, []);
    regions.singapore.takeover = false;
    await client.followRouting();
    assert.deepEqual(failovers, ["Ireland serves now."]);
  });

  it("names the region that responds when no routing state can be read", async () => {
    open(ireland.code, true);
    for (const region of [ireland, singapore]) regions.setBehavior(region, 503, "routing");
    await client.followRouting();
    assert.match(shown(ireland.code), /^unknown/);
    await client.send(LIST);
    assert.match(shown(ireland.code), /^preferred: Ireland/);
  });

  it("shows one notice when the other region starts to serve", async () => {
    await client.send(LIST);
    const failovers: string[] = [];
    let before = client.state.peek();
    client.state.subscribe((state) => {
      const notice = failoverNotice(before, state);
      before = state;
      if (notice) failovers.push(notice);
    });
    for (const behavior of ["disconnects", 503] as const) {
      regions.setBehavior(singapore, behavior);
      await client.send(LIST);
      regions.setBehavior(singapore, "up");
      for (let checks = 0; checks < 4; checks++) await client.checkPreferred();
    }
    assert.deepEqual(failovers, [
      "Singapore does not respond. Ireland serves now.",
      "Singapore is healthy again. Singapore serves now.",
      "Singapore is unavailable (HTTP 503). Ireland serves now.",
      "Singapore is healthy again. Singapore serves now.",
    ]);
    for (const api of [ireland, singapore]) regions.setBehavior(api, "disconnects");
    await assert.rejects(client.send(LIST));
    assert.equal(failovers.length, 4, "only the header shows an outage of all regions");
  });
});
