import assert from "node:assert/strict";
import { NoRegionResponds } from "../../ui/src/data/errors";
import type { ClientRequest } from "../../ui/src/data/client-request";
import type { RegionalClient } from "../../ui/src/data/regional-client";
import { FakeClock } from "./fake-clock";
import { Behavior, FakeRegions, ireland, singapore } from "./fake-regions";

const LIST: ClientRequest = { method: "GET", path: "/tickets?limit=1" };
const POST: ClientRequest = {
  method: "POST",
  path: "/tickets",
  headers: { "idempotency-key": "01JD9Z3N8Q4T6V8X0Y2A4C6E8G" },
  body: { subject: "A" },
};
const PATCH: ClientRequest = {
  method: "PATCH",
  path: "/tickets/T1",
  headers: { "if-match": '"1"' },
  body: { subject: "B" },
};

describe("RegionalClient of the web UI", () => {
  let clock: FakeClock;
  let regions: FakeRegions;
  let client: RegionalClient;

  beforeEach(() => {
    clock = new FakeClock();
    regions = new FakeRegions(clock);
    client = regions.newClient({ hasRouting: true });
  });

  it("rejects a preferred region without an API", () => {
    assert.throws(
      () => regions.newClient({ apis: [ireland], preferred: "us-east-1" }),
      /us-east-1 has no API/,
    );
  });

  it("uses only the preferred region while it responds", async () => {
    const response = await client.send(LIST);
    assert.deepEqual([response.status, response.servedBy], [200, "eu-west-1"]);
    await clock.advance(10_000);
    assert.deepEqual(regions.takeRequests(), ["GET ireland /tickets"]);
    const { current, lastResults, offline } = client.state.value;
    assert.deepEqual(
      { current, lastResults, offline },
      { current: ireland, lastResults: { "eu-west-1": "up" }, offline: false },
    );
  });

  it("sends a body as JSON, and no content type without a body", async () => {
    await client.send(POST);
    await client.send(LIST);
    const [post, list] = regions.requestInits;
    const headers = {
      "content-type": "application/json",
      "idempotency-key": POST.headers!["idempotency-key"],
    };
    assert.deepEqual([post.body, post.headers], ['{"subject":"A"}', headers]);
    assert.deepEqual([list.body, list.headers], [undefined, {}]);
  });

  it("sends the first request synchronously, so that it is sent when the user leaves the web UI", () => {
    void client.send({ ...POST, keepalive: true });
    assert.deepEqual(regions.takeRequests(), ["POST ireland /tickets"]);
    assert.equal(regions.requestInits[0].keepalive, true);
  });

  for (const question of [LIST, POST]) {
    const failures: [string, Behavior][] = [
      ["disconnects", "disconnects"],
      ["disconnects after applying it", "applies, disconnects"],
      ["returns 500", 500],
      ["returns 503", 503],
    ];
    for (const [what, behavior] of failures)
      it(`sends a ${question.method} to the other region immediately when the first one ${what}`, async () => {
        regions.setBehavior(ireland, behavior);
        const response = await client.send(question);
        assert.equal(response.servedBy, "ap-southeast-1");
        assert.deepEqual(
          regions.takeRequests(),
          ["ireland", "singapore"].map((name) => `${question.method} ${name} /tickets`),
        );
        assert.equal(client.state.value.current, singapore);
      });

    const patience = question === LIST ? 1_000 : 3_000;
    for (const behavior of ["hangs", "applies, hangs"] as const)
      it(`sends a ${question.method} to the other region after ${patience} ms without a response: ${behavior}`, async () => {
        regions.setBehavior(ireland, behavior);
        const response = client.send(question);
        await clock.advance(patience - 1);
        assert.equal(regions.takeRequests().length, 1);
        await clock.advance(1);
        assert.equal((await response).servedBy, "ap-southeast-1");
        assert.equal(regions.requestInits[0].signal?.aborted, true, "the first request is aborted");
        assert.equal(client.state.value.current, singapore);
      });
  }

  for (const write of [POST, PATCH])
    it(`sends a ${write.method} whose functions start cold in a distant region to that region only`, async () => {
      regions.setBehavior(ireland, "cold");
      await clock.runUntil(client.send(write));
      assert.equal(regions.takeRequests().length, 1);
      assert.equal(client.state.value.current, ireland);
    });

  it("uses the slow response of the first region when it arrives first, and stays with that region", async () => {
    regions.setBehavior(ireland, "slow");
    regions.setBehavior(singapore, "hangs");
    assert.equal((await clock.runUntil(client.send(LIST))).servedBy, "eu-west-1");
    assert.equal(client.state.value.current, ireland);
  });

  it("sends a request to the other region when a success is not JSON", async () => {
    const { fetch } = regions;
    const html = async () => ({ status: 200, ok: true, headers: new Headers(), text: async () => "<html>" });
    client = regions.newClient({
      fetch: (url, init) => (url.startsWith(ireland.url) ? html() : fetch(url, init)),
    });
    assert.equal((await client.send(LIST)).servedBy, "ap-southeast-1");
  });

  it("keeps using the region that responds, and returns to the first one when that one fails", async () => {
    regions.setBehavior(ireland, "disconnects");
    await client.send(LIST);
    regions.takeRequests();
    await client.send(LIST);
    assert.deepEqual(regions.takeRequests(), ["GET singapore /tickets"]);
    regions.setBehavior(ireland, "up");
    regions.setBehavior(singapore, "disconnects");
    assert.equal((await client.send(LIST)).servedBy, "eu-west-1");
    assert.equal(client.state.value.current, ireland);
  });

  describe("with an inconclusive response", () => {
    const missing = { ...PATCH, isConclusive: ({ status }: { status: number }) => status !== 404 };

    it("sends the request to the other region and keeps the first one as the current region", async () => {
      regions.singapore.create({ subject: "A" }, "T1");
      const version = regions.singapore.tickets()[0].version;
      const response = await client.send({ ...missing, headers: { "if-match": `"${version}"` } });
      assert.deepEqual(
        [response.status, response.conclusive, response.servedBy],
        [200, true, "ap-southeast-1"],
      );
      assert.equal(client.state.value.current, ireland);
    });

    it("waits for a conclusive response of the first region when the other one gives none", async () => {
      const { version } = regions.ireland.create({ subject: "A" }, "T1");
      regions.setBehavior(ireland, "slow");
      const response = await clock.runUntil(
        client.send({ ...missing, headers: { "if-match": `"${version}"` } }),
      );
      assert.deepEqual([response.status, response.conclusive, response.servedBy], [200, true, "eu-west-1"]);
    });

    it("returns it as inconclusive when no region gives a conclusive one", async () => {
      for (const behavior of ["up", "disconnects", "hangs"] as const) {
        regions.setBehavior(singapore, behavior);
        const response = await clock.runUntil(client.send(missing));
        assert.deepEqual([response.status, response.conclusive], [404, false], behavior);
      }
    });
  });

  describe("when no region responds", () => {
    it("reports the failure of each region, and is offline until one responds", async () => {
      regions.setBehavior(ireland, "hangs");
      regions.setBehavior(singapore, "disconnects");
      await assert.rejects(clock.runUntil(client.send(LIST)), (error) => {
        assert.ok(error instanceof NoRegionResponds);
        const failed = error.failures.map(({ api }) => api);
        assert.deepEqual(failed, [singapore, ireland]);
        assert.match(error.message, /eu-west-1: no response within 4000 ms/);
        return true;
      });
      assert.equal(client.state.value.offline, true);
      regions.setBehavior(singapore, "up");
      await clock.runUntil(client.send(LIST));
      assert.equal(client.state.value.offline, false);
    });

    it("is not offline when another request received a response in the meantime", async () => {
      regions.setBehavior(singapore, "disconnects");
      regions.setBehavior(ireland, "hangs");
      const failing = client.send(LIST);
      await clock.advance(10);
      regions.setBehavior(ireland, "up");
      await client.send(LIST);
      await assert.rejects(clock.runUntil(failing), NoRegionResponds);
      assert.equal(client.state.value.offline, false);
    });

    const certain: [Behavior, Behavior, ClientRequest, boolean][] = [
      [503, 503, POST, false],
      [503, "disconnects", POST, true],
      ["hangs", 503, POST, true],
      [500, 503, POST, true],
      [504, 503, POST, true],
      ["applies, gateway 503", 503, POST, true],
      ["applies, gateway 503", 503, PATCH, true],
      ["disconnects", "disconnects", LIST, false],
    ];
    for (const [first, second, question, uncertain] of certain)
      it(`reports a ${question.method} as ${uncertain ? "uncertain" : "not applied"} after ${first} and ${second}`, async () => {
        regions.setBehavior(ireland, first);
        regions.setBehavior(singapore, second);
        await assert.rejects(clock.runUntil(client.send(question)), { uncertain });
      });
  });
});
