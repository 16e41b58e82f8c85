import assert from "node:assert/strict";
import { NoRegionAnswers, WriteUnanswered } from "../../ui/src/region-errors";
import { RegionalClient } from "../../ui/src/regional-client";
import { FakeRegions, ireland, singapore } from "./fake-regions";

describe("A write of the page's regional client", () => {
  let regions: FakeRegions;
  let client: RegionalClient;
  let now: number;

  beforeEach(() => {
    regions = new FakeRegions();
    now = 1_000_000;
    client = new RegionalClient({
      apis: [ireland, singapore],
      preferred: ireland.code,
      fetch: regions.fetch,
      now: () => now,
      readLimit: 20,
      writeLimit: 40,
    });
  });

  it("goes to a region that has just answered without a question", async () => {
    await client.read("/tickets");
    now += 2_000;
    assert.equal((await client.write("POST", "/tickets", { subject: "A" })).status, 200);
    assert.deepEqual(regions.takeAsked(), ["GET ireland /tickets", "POST ireland /tickets"]);
  });

  it("has its body as JSON, and a delete has none", async () => {
    const sent: RequestInit[] = [];
    client = new RegionalClient({
      apis: [ireland, singapore],
      preferred: ireland.code,
      fetch: async (_url, init) => {
        sent.push(init);
        return new Response(null, { status: init.method === "DELETE" ? 204 : 200 });
      },
    });
    await client.write("PATCH", "/tickets/X", { status: "closed" });
    await client.write("DELETE", "/tickets/X");
    const [, patch, remove] = sent;
    assert.equal(patch.body, '{"status":"closed"}');
    assert.equal(new Headers(patch.headers).get("content-type"), "application/json");
    assert.equal(remove.body, undefined);
  });

  it("is preceded by a question for health when the region has been quiet", async () => {
    await client.read("/tickets");
    regions.takeAsked();
    now += 2_001;
    await client.write("POST", "/tickets", {});
    assert.deepEqual(regions.takeAsked(), ["GET ireland /health", "POST ireland /tickets"]);
  });

  it("goes to the other region when the quiet one has died", async () => {
    await client.read("/tickets");
    regions.takeAsked();
    now += 10_000;
    regions.set(ireland, "silent");
    const answer = await client.write("POST", "/tickets", {});
    assert.equal(answer.servedBy, "ap-southeast-1");
    assert.deepEqual(regions.takeAsked(), [
      "GET ireland /health",
      "GET singapore /health",
      "POST singapore /tickets",
    ]);
    assert.equal(client.state.current, singapore);
  });

  it("is not entrusted to a region whose last answer was a failure", async () => {
    await client.read("/tickets");
    regions.set(ireland, "cut");
    regions.set(singapore, "cut");
    await assert.rejects(client.read("/tickets"), NoRegionAnswers);
    regions.takeAsked();
    regions.set(singapore, "up");
    await client.write("POST", "/tickets", {});
    assert.deepEqual(regions.takeAsked(), [
      "GET ireland /health",
      "GET singapore /health",
      "POST singapore /tickets",
    ]);
  });

  for (const behaviour of ["cut", "silent", 500, 504] as const) {
    it(`is never sent twice: ${behaviour} after it was sent`, async () => {
      regions.set(ireland, behaviour, "rest");
      await assert.rejects(client.write("POST", "/tickets", {}), (error) => {
        assert.ok(error instanceof WriteUnanswered);
        assert.equal(error.api, ireland);
        return true;
      });
      assert.deepEqual(regions.takeAsked(), ["GET ireland /health", "POST ireland /tickets"]);
    });
  }

  it("is preceded by a question for health after one without an answer", async () => {
    regions.set(ireland, "cut", "rest");
    await assert.rejects(client.write("POST", "/tickets", {}), WriteUnanswered);
    regions.takeAsked();
    regions.set(ireland, "cut");
    assert.equal((await client.write("POST", "/tickets", {})).servedBy, "ap-southeast-1");
  });

  it("may be refused, which is an answer", async () => {
    regions.set(ireland, 400, "rest");
    assert.equal((await client.write("POST", "/tickets", {})).status, 400);
  });

  it("is not sent at all when no region is healthy", async () => {
    regions.set(ireland, 503, "health");
    regions.set(singapore, "cut", "health");
    await assert.rejects(client.write("POST", "/tickets", {}), NoRegionAnswers);
    assert.deepEqual(regions.takeAsked(), ["GET ireland /health", "GET singapore /health"]);
  });
});
