import assert from "node:assert/strict";
import { NoRegionResponds } from "../../ui/src/data/errors";
import { RegionalClient, ClientRequest } from "../../ui/src/data/regional-client";
import { FakeClock } from "./fake-clock";
import { Behaviour, FakeRegions, failoverUrl, ireland, singapore } from "./fake-regions";

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
  body: {},
};

describe("The page's regional client", () => {
  let clock: FakeClock;
  let regions: FakeRegions;
  let client: RegionalClient;

  beforeEach(() => {
    clock = new FakeClock();
    regions = new FakeRegions(clock);
    const { fetch } = regions;
    client = new RegionalClient({
      ...{ apis: [singapore, ireland], preferred: ireland.code, failoverUrl },
      ...{ fetch, clock },
    });
  });

  it("refuses a preferred region that has no API", () => {
    const options = { apis: [ireland], preferred: "us-east-1", fetch: regions.fetch, clock };
    assert.throws(() => new RegionalClient(options), /us-east-1 has no API/);
  });

  it("asks the preferred region only, while that answers", async () => {
    const answer = await client.send(LIST);
    assert.deepEqual([answer.status, answer.servedBy], [200, "eu-west-1"]);
    await clock.advance(10_000);
    assert.deepEqual(regions.takeRequests(), ["GET ireland /tickets"]);
    const { current, lastResults, offline } = client.state.value;
    assert.deepEqual(
      { current, lastResults, offline },
      { current: ireland, lastResults: { "eu-west-1": "up" }, offline: false },
    );
  });

  it("sends a body as JSON, and nothing for a request without one", async () => {
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

  it("has sent the first request when it returns, so that a page that is left still sends it", () => {
    void client.send({ ...POST, keepalive: true });
    assert.deepEqual(regions.takeRequests(), ["POST ireland /tickets"]);
    assert.equal(regions.requestInits[0].keepalive, true);
  });

  for (const question of [LIST, POST]) {
    const failures: [string, Behaviour][] = [
      ["drops the connection", "cut"],
      ["drops the connection before the answer", "lost"],
      ["answers 500", 500],
      ["answers 503", 503],
    ];
    for (const [what, behaviour] of failures)
      it(`asks the other region at once when the first ${what}: ${question.method}`, async () => {
        regions.setBehaviour(ireland, behaviour);
        const answer = await client.send(question);
        assert.equal(answer.servedBy, "ap-southeast-1");
        assert.deepEqual(
          regions.takeRequests(),
          ["ireland", "singapore"].map((name) => `${question.method} ${name} /tickets`),
        );
        assert.equal(client.state.value.current, singapore);
      });

    for (const behaviour of ["silent", "mute", "late"] as const)
      it(`asks the other region after one second without an answer: ${question.method}, ${behaviour}`, async () => {
        regions.setBehaviour(ireland, behaviour);
        const answer = client.send(question);
        await clock.advance(999);
        assert.equal(regions.takeRequests().length, 1);
        await clock.advance(1);
        assert.equal((await answer).servedBy, "ap-southeast-1");
        assert.equal(
          regions.requestInits[0].signal?.aborted,
          true,
          "the late answer is no longer waited for",
        );
        assert.equal(client.state.value.current, singapore);
      });
  }

  it("takes the first answer when it comes before that of the region asked after it, and stays", async () => {
    regions.setBehaviour(ireland, "late");
    regions.setBehaviour(singapore, "silent");
    assert.equal((await clock.runUntil(client.send(LIST))).servedBy, "eu-west-1");
    assert.equal(client.state.value.current, ireland);
  });

  it("asks the other region when a success is not JSON", async () => {
    const { fetch } = regions;
    const html = async () => ({ status: 200, ok: true, headers: new Headers(), text: async () => "<html>" });
    client = new RegionalClient({
      ...{ apis: [ireland, singapore], preferred: ireland.code, clock },
      fetch: (url, init) => (url.startsWith(ireland.url) ? html() : fetch(url, init)),
    });
    assert.equal((await client.send(LIST)).servedBy, "ap-southeast-1");
  });

  it("remembers the region that answers, and goes back to the first when that one fails", async () => {
    regions.setBehaviour(ireland, "cut");
    await client.send(LIST);
    regions.takeRequests();
    await client.send(LIST);
    assert.deepEqual(regions.takeRequests(), ["GET singapore /tickets"]);
    regions.setBehaviour(ireland, "up");
    regions.setBehaviour(singapore, "cut");
    assert.equal((await client.send(LIST)).servedBy, "eu-west-1");
    assert.equal(client.state.value.current, ireland);
  });

  describe("with an answer that does not settle the matter", () => {
    const missing = { ...PATCH, isConclusive: ({ status }: { status: number }) => status !== 404 };

    it("asks the other region, without leaving the first", async () => {
      regions.singapore.create({ subject: "A" }, "T1");
      const version = regions.singapore.tickets()[0].version;
      const answer = await client.send({ ...missing, headers: { "if-match": `"${version}"` } });
      assert.deepEqual([answer.status, answer.conclusive, answer.servedBy], [200, true, "ap-southeast-1"]);
      assert.equal(client.state.value.current, ireland);
    });

    it("waits for the first region's own when the other one has none", async () => {
      const { version } = regions.ireland.create({ subject: "A" }, "T1");
      regions.setBehaviour(ireland, "late");
      const answer = await clock.runUntil(
        client.send({ ...missing, headers: { "if-match": `"${version}"` } }),
      );
      assert.deepEqual([answer.status, answer.conclusive, answer.servedBy], [200, true, "eu-west-1"]);
    });

    it("gives it, and says so, when no region settles the matter", async () => {
      for (const behaviour of ["up", "cut", "silent"] as const) {
        regions.setBehaviour(singapore, behaviour);
        const answer = await clock.runUntil(client.send(missing));
        assert.deepEqual([answer.status, answer.conclusive], [404, false], behaviour);
      }
    });
  });

  describe("when no region answers", () => {
    it("tells what each did, and is offline until one answers", async () => {
      regions.setBehaviour(ireland, "silent");
      regions.setBehaviour(singapore, "cut");
      await assert.rejects(clock.runUntil(client.send(LIST)), (error) => {
        assert.ok(error instanceof NoRegionResponds);
        const failed = error.failures.map(({ api }) => api);
        assert.deepEqual(failed, [singapore, ireland]);
        assert.match(error.message, /eu-west-1: no response within 4000 ms/);
        return true;
      });
      assert.equal(client.state.value.offline, true);
      regions.setBehaviour(singapore, "up");
      await clock.runUntil(client.send(LIST));
      assert.equal(client.state.value.offline, false);
    });

    it("is not offline when another request was answered meanwhile", async () => {
      regions.setBehaviour(singapore, "cut");
      regions.setBehaviour(ireland, "silent");
      const failing = client.send(LIST);
      await clock.advance(10);
      regions.setBehaviour(ireland, "up");
      await client.send(LIST);
      await assert.rejects(clock.runUntil(failing), NoRegionResponds);
      assert.equal(client.state.value.offline, false);
    });

    const certain: [Behaviour, Behaviour, ClientRequest, boolean][] = [
      [503, 503, POST, false],
      [503, "cut", POST, true],
      ["silent", 503, POST, true],
      [500, 503, POST, true],
      ["cut", "cut", LIST, false],
    ];
    for (const [first, second, question, uncertain] of certain)
      it(`${uncertain ? "cannot" : "can"} rule out that a ${question.method} was done: ${first}, ${second}`, async () => {
        regions.setBehaviour(ireland, first);
        regions.setBehaviour(singapore, second);
        await assert.rejects(clock.runUntil(client.send(question)), { uncertain });
      });
  });
});
