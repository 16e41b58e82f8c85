import assert from "node:assert/strict";
import { NoRegionAnswers } from "../../ui/src/region-errors";
import { RegionalClient, RegionalState } from "../../ui/src/regional-client";
import { Behaviour, FakeRegions, ireland, singapore } from "./fake-regions";

describe("The page's regional client", () => {
  let regions: FakeRegions;
  let client: RegionalClient;
  let states: RegionalState[];

  beforeEach(() => {
    regions = new FakeRegions();
    states = [];
    client = new RegionalClient({
      apis: [singapore, ireland],
      preferred: ireland.code,
      fetch: regions.fetch,
      onChange: (state) => states.push(state),
      readLimit: 20,
    });
  });

  it("refuses a preferred region that has no API", () => {
    const options = { apis: [ireland], preferred: "us-east-1", fetch: regions.fetch };
    assert.throws(() => new RegionalClient(options), /us-east-1 has no API/);
  });

  describe("reading", () => {
    it("asks the preferred region only, while that answers", async () => {
      const answer = await client.read("/tickets");
      assert.deepEqual(answer, { status: 200, body: { from: "ireland" }, servedBy: "eu-west-1" });
      assert.deepEqual(regions.takeAsked(), ["GET ireland /tickets"]);
      assert.equal(client.state.servedBy, "eu-west-1");
    });

    const failures: [string, Behaviour][] = [
      ["drops the connection", "cut"],
      ["does not answer in time", "silent"],
      ["answers 500", 500],
      ["answers 503", 503],
    ];
    for (const [what, behaviour] of failures) {
      it(`asks the other region at once when the first ${what}`, async () => {
        regions.set(ireland, behaviour);
        const answer = await client.read("/tickets");
        assert.equal(answer.servedBy, "ap-southeast-1");
        assert.deepEqual(regions.takeAsked(), ["GET ireland /tickets", "GET singapore /tickets"]);
      });
    }

    it("takes a refusal for an answer", async () => {
      regions.set(ireland, 404);
      assert.equal((await client.read("/tickets/X")).status, 404);
      assert.deepEqual(regions.takeAsked(), ["GET ireland /tickets/X"]);
    });

    it("asks the other region when a success is not JSON", async () => {
      const fetch = regions.fetch;
      client = new RegionalClient({
        apis: [ireland, singapore],
        preferred: ireland.code,
        fetch: async (url, init) => (url.startsWith(ireland.url) ? new Response("<html>") : fetch(url, init)),
      });
      assert.equal((await client.read("/tickets")).servedBy, "ap-southeast-1");
    });

    it("remembers the region that answers", async () => {
      regions.set(ireland, "cut");
      await client.read("/tickets");
      regions.takeAsked();
      await client.read("/tickets");
      assert.deepEqual(regions.takeAsked(), ["GET singapore /tickets"]);
    });

    it("tells its listener of the change once", async () => {
      regions.set(ireland, "cut");
      await client.read("/tickets");
      const told = states.length;
      await client.read("/tickets");
      assert.equal(states.length, told);
      assert.equal(states.at(-1)?.current, singapore);
      assert.equal(states.at(-1)?.servedBy, "ap-southeast-1");
    });

    it("goes back to the first region when the second fails too", async () => {
      regions.set(ireland, "cut");
      await client.read("/tickets");
      regions.set(ireland, "up");
      regions.set(singapore, "cut");
      assert.equal((await client.read("/tickets")).servedBy, "eu-west-1");
      assert.equal(client.state.current, ireland);
    });

    it("counts the reads that no region answers, until one does", async () => {
      regions.set(ireland, "silent");
      regions.set(singapore, "cut");
      await assert.rejects(client.read("/tickets"), (error) => {
        assert.ok(error instanceof NoRegionAnswers);
        assert.deepEqual(
          error.failures.map((failure) => failure.api),
          [ireland, singapore],
        );
        return true;
      });
      await assert.rejects(client.read("/tickets"), NoRegionAnswers);
      assert.equal(client.state.unanswered, 2);
      regions.set(singapore, "up");
      await client.read("/tickets");
      assert.equal(client.state.unanswered, 0);
    });
  });

  describe("returning", () => {
    beforeEach(async () => {
      regions.set(ireland, "cut");
      await client.read("/tickets");
      regions.takeAsked();
    });

    it("stays away while the preferred region does not answer for its health", async () => {
      for (const behaviour of ["cut", "silent", 503, 404] as const) {
        regions.set(ireland, behaviour, "health");
        await client.checkPreferred();
        assert.equal(client.state.current, singapore, `health: ${behaviour}`);
        assert.equal(client.state.servedBy, "ap-southeast-1", `health: ${behaviour}`);
      }
    });

    it("goes back when the preferred region is healthy again, and only then asks it", async () => {
      regions.set(ireland, "up");
      await client.read("/tickets");
      assert.deepEqual(regions.takeAsked(), ["GET singapore /tickets"]);
      await client.checkPreferred();
      await client.read("/tickets");
      assert.deepEqual(regions.takeAsked(), ["GET ireland /health", "GET ireland /tickets"]);
    });

    it("asks nothing once it is back", async () => {
      regions.set(ireland, "up");
      await client.checkPreferred();
      regions.takeAsked();
      await client.checkPreferred();
      assert.deepEqual(regions.takeAsked(), []);
    });
  });
});
