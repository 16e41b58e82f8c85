import assert from "node:assert/strict";
import { createApi, startGateway, type TestGateway } from "./support/test-gateway";

describe("Stages of an HTTP API", () => {
  let test: TestGateway;
  beforeEach(async () => {
    test = await startGateway();
  });
  afterEach(() => test.gateway.close());

  it("are selected by the first segment of the path", async () => {
    const api = await createApi(test, { routes: ["GET /tickets"], stage: { name: "dev" } });
    const inStage = await fetch(`${api.url}/dev/tickets`);
    assert.equal(inStage.status, 200);
    assert.equal(test.events[0].rawPath, "/dev/tickets");
    assert.equal(test.events[0].requestContext.stage, "dev");
    assert.equal((await fetch(`${api.url}/tickets`)).status, 404);
  });

  it("accept the burst of a route and return 429 for the rest", async () => {
    const limits = { throttlingBurstLimit: 3, throttlingRateLimit: 0 };
    const api = await createApi(test, {
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

  it("return 429 for a route above its own limits, while other routes continue", async () => {
    const api = await createApi(test, {
      routes: ["DELETE /tickets/{id}", "GET /tickets/{id}"],
      stage: {
        defaultRouteSettings: { throttlingBurstLimit: 1000, throttlingRateLimit: 500 },
        routeSettings: [
          { routeKey: "DELETE /tickets/{id}", throttlingBurstLimit: 5, throttlingRateLimit: 0.001 },
        ],
      },
    });
    const call = async (method: string, id: number): Promise<Response> =>
      fetch(`${api.url}/tickets/${id}`, { method });
    const flood = await Promise.all(Array.from({ length: 40 }, (_, id) => call("DELETE", id)));
    const refused = flood.filter(({ status }) => status === 429);
    assert.equal(refused.length, 35);
    assert.deepEqual(await refused[0].json(), { message: "Too Many Requests" });
    assert.equal(test.events.length, 5, "What is refused reaches no function.");
    const others = await Promise.all(Array.from({ length: 20 }, (_, id) => call("GET", id)));
    assert.ok(others.every(({ status }) => status === 200));
  });

  it("are unreachable when the execute-api endpoint is disabled", async () => {
    const api = await createApi(test, { api: { disableExecuteApiEndpoint: true } });
    assert.equal((await fetch(api.url)).status, 404);
  });

  it("drop every connection while the region is down and respond again afterwards", async () => {
    const api = await createApi(test);
    assert.equal((await fetch(api.url)).status, 200);
    test.regions.setState("ireland", "down");
    await assert.rejects(fetch(api.url));
    test.regions.setState("ireland", "up");
    assert.equal((await fetch(api.url)).status, 200);
  });
});
