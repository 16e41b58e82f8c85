import assert from "node:assert/strict";
import { makeApi, startGateway, type TestGateway } from "./support/gateway";

describe("the stages of an HTTP API", () => {
  let test: TestGateway;
  beforeEach(async () => {
    test = await startGateway();
  });
  afterEach(() => test.gateway.close());

  it("are chosen by the first segment of the path", async () => {
    const api = await makeApi(test, { routes: ["GET /tickets"], stage: { name: "dev" } });
    const inStage = await fetch(`${api.url}/dev/tickets`);
    assert.equal(inStage.status, 200);
    assert.equal(test.events[0].rawPath, "/dev/tickets");
    assert.equal(test.events[0].requestContext.stage, "dev");
    assert.equal((await fetch(`${api.url}/tickets`)).status, 404);
  });

  it("admit the burst of a route and answer 429 to the rest", async () => {
    const limits = { throttlingBurstLimit: 3, throttlingRateLimit: 0 };
    const api = await makeApi(test, {
      routes: ["GET /a", "GET /b"],
      stage: { defaultRouteSettings: limits },
    });
    const call = async (path: string): Promise<number> => (await fetch(api.url + path)).status;
    const statuses = [
      await call("/a"),
      await call("/a"),
      await call("/a"),
      await call("/a"),
      await call("/b"),
    ];
    assert.deepEqual(statuses, [200, 200, 200, 429, 200]);
    assert.deepEqual(await (await fetch(`${api.url}/a`)).json(), { message: "Too Many Requests" });
    assert.equal(test.events.length, 4);
  });

  it("are out of reach when the execute-api endpoint is disabled", async () => {
    const api = await makeApi(test, { api: { disableExecuteApiEndpoint: true } });
    assert.equal((await fetch(api.url)).status, 404);
  });

  it("drop every connection while the region is down and answer again afterwards", async () => {
    const api = await makeApi(test);
    assert.equal((await fetch(api.url)).status, 200);
    test.regions.setState("ireland", "down");
    await assert.rejects(fetch(api.url));
    test.regions.setState("ireland", "up");
    assert.equal((await fetch(api.url)).status, 200);
  });
});
