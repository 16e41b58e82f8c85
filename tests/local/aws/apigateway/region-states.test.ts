import assert from "node:assert/strict";
import {
  IRELAND,
  createApi,
  SINGAPORE,
  startGateway,
  type TestApi,
  type TestGateway,
} from "./support/test-gateway";

describe("HTTP API in a region with a fault", () => {
  let test: TestGateway;
  let ireland: TestApi;
  let singapore: TestApi;

  before(async () => {
    const cors = { api: { corsConfiguration: { allowOrigins: ["*"] } } };
    test = await startGateway();
    ireland = await createApi(test, { region: IRELAND, ...cors });
    singapore = await createApi(test, { region: SINGAPORE, ...cors });
  });
  after(() => test.gateway.close());
  afterEach(() => test.regions.setState("ireland", "up"));

  const ask = (api: TestApi): Promise<Response> =>
    fetch(`${api.url}/tickets`, { headers: { origin: "https://app.example" } });

  it("returns 503 with CORS headers, without calling the function, when the region is api-down", async () => {
    test.regions.setState("ireland", "api-down");
    test.events.length = 0;
    const response = await ask(ireland);
    assert.equal(response.status, 503);
    assert.deepEqual(await response.json(), { message: "Service Unavailable" });
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
    assert.equal(test.events.length, 0);
    assert.equal((await ask(singapore)).status, 200);
    test.regions.setState("ireland", "up");
    assert.equal((await ask(ireland)).status, 200);
  });

  it("calls the function of a write and returns 503 in place of its response when api-writes-unanswered", async () => {
    test.regions.setState("ireland", "api-writes-unanswered");
    test.events.length = 0;
    const statuses = [];
    for (const method of ["POST", "PATCH", "DELETE", "GET"])
      statuses.push((await fetch(`${ireland.url}/tickets`, { method })).status);
    assert.deepEqual(statuses, [503, 503, 503, 200]);
    assert.equal(test.events.length, 4);
    const response = await fetch(`${ireland.url}/tickets`, { method: "POST" });
    assert.deepEqual(await response.json(), { message: "Service Unavailable" });
    assert.equal((await fetch(`${singapore.url}/tickets`, { method: "POST" })).status, 200);
  });

  it("responds three seconds late when the region is slow", async () => {
    test.regions.setState("ireland", "slow");
    const start = performance.now();
    const [here, there] = await Promise.all(
      [ireland, singapore].map(async (api) => ((await ask(api)).status, performance.now() - start)),
    );
    // Only the order shows that the other region is not slow, because its response time depends on the machine.
    assert.ok(here >= 2990 && there < here, `${here} ms, ${there} ms`);
  });

  it("accepts requests and never answers when the region is silent", async () => {
    test.regions.setState("ireland", "silent");
    const given = new AbortController();
    let isAnswered = false;
    const pending = fetch(`${ireland.url}/tickets`, { signal: given.signal }).then(() => (isAnswered = true));
    assert.equal((await ask(singapore)).status, 200);
    test.regions.setState("ireland", "up");
    assert.equal((await ask(ireland)).status, 200);
    assert.equal(isAnswered, false, "a request that came before got no answer");
    given.abort();
    await assert.rejects(pending, /abort/);
  });

  it("calls its function as usual when only the database has a fault", async () => {
    for (const state of ["throttled", "writes-fail", "writes-unanswered", "isolated"] as const) {
      test.regions.setState("ireland", state);
      assert.equal((await ask(ireland)).status, 200);
    }
  });
});
