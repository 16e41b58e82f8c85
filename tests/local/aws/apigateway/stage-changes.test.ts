import assert from "node:assert/strict";
import { deleteResource, readResource, updateResource } from "../../support/create-resource";
import { LogDeliveryPolicies } from "../../../../local/aws/cloudwatch/log-delivery-policies";
import { openKeepAlive } from "./support/keep-alive";
import { createApi, startGateway, type TestApi, type TestGateway } from "./support/test-gateway";

const NONE = { throttlingBurstLimit: 0, throttlingRateLimit: 0 };
const PLENTY = { throttlingBurstLimit: 100, throttlingRateLimit: 100 };

describe("Stage of API Gateway", () => {
  let test: TestGateway;
  let api: TestApi;
  beforeEach(async () => {
    test = await startGateway();
    api = await createApi(test, { routes: ["GET /a", "GET /b"] });
  });
  afterEach(() => test.gateway.close());

  const statusOf = async (path: string): Promise<number> => (await fetch(api.url + path)).status;

  it("changes its throttling at once, over an open connection", async () => {
    const { stage } = api;
    const client = openKeepAlive(api.url);
    const { localPort, status } = await client.get("/a");
    assert.equal(status, 200);
    const inputs = { ...stage.inputs, defaultRouteSettings: NONE };
    const throttled = await updateResource(test.gateway, stage, inputs);
    const refused = await client.get("/a");
    assert.deepEqual([refused.status, refused.localPort], [429, localPort]);
    assert.deepEqual((await readResource(test.gateway, stage))?.inputs, inputs);
    const routeSettings = [{ routeKey: "GET /b", ...NONE }];
    const defaultRouteSettings = PLENTY;
    await updateResource(test.gateway, throttled, { ...stage.inputs, defaultRouteSettings, routeSettings });
    assert.deepEqual([(await client.get("/a")).status, (await client.get("/b")).status], [200, 429]);
    client.close();
  });

  it("continues its throttling when something else changes", async () => {
    const { stage } = api;
    const limits = { throttlingBurstLimit: 2, throttlingRateLimit: 0 };
    const inputs = { ...stage.inputs, defaultRouteSettings: limits };
    const limited = await updateResource(test.gateway, stage, inputs);
    assert.equal(await statusOf("/a"), 200);
    await updateResource(test.gateway, limited, { ...inputs, description: "changed" });
    assert.deepEqual([await statusOf("/a"), await statusOf("/a")], [200, 429]);
  });

  it("changes its variables and log format at once", async () => {
    const accessLogSettings = { destinationArn: "arn:aws:logs", format: "$context.routeKey!" };
    const stageVariables = { color: "green" };
    await updateResource(test.gateway, api.stage, { ...api.stage.inputs, accessLogSettings, stageVariables });
    assert.equal(await statusOf("/a"), 200);
    assert.deepEqual(test.events[0].stageVariables, stageVariables);
    assert.deepEqual(test.logged, [{ source: "ireland access", line: "GET /a!" }]);
  });

  it("is refused when its access log needs an entry that the log delivery policy of the region has no room for", async () => {
    const logDelivery = new LogDeliveryPolicies();
    const other = await startGateway({ logDelivery });
    const groupArn = (name: string): string => `arn:aws:logs:eu-west-1:000000000000:log-group:${name}`;
    assert.throws(() => {
      for (let index = 0; index < 100; index++) logDelivery.allow("eu-west-1", groupArn(`other-${index}`));
    }, /5120/);
    const logging = (name: string): object => ({
      accessLogSettings: { destinationArn: groupArn(name), format: "$context.routeKey" },
    });
    const full = /BadRequestException: Cannot enable logging\. Policy document length .*log-group:access /;
    await assert.rejects(createApi(other, { stage: logging("access") }), full);
    const { stage } = await createApi(other, { stage: logging("/aws/vendedlogs/access") });
    await assert.rejects(
      updateResource(other.gateway, stage, { ...stage.inputs, ...logging("access") }),
      full,
    );
    assert.deepEqual((await readResource(other.gateway, stage))?.inputs, stage.inputs);
    await createApi(other, { stage: logging("access"), region: "ap-southeast-1" });
    await other.gateway.close();
  });

  it("takes null as a setting that is left out", async () => {
    const absent = ["accessLogSettings", "defaultRouteSettings", "routeSettings", "stageVariables"];
    const nulls = Object.fromEntries(absent.map((input) => [input, null]));
    await updateResource(test.gateway, api.stage, { ...api.stage.inputs, ...nulls });
    assert.equal(await statusOf("/a"), 200);
    assert.equal(test.events[0].stageVariables, undefined);
    assert.deepEqual(test.logged, []);
  });

  it("is rejected when its name is taken", async () => {
    await assert.rejects(
      test.make("stage", "second", api.stage.inputs),
      /ConflictException: Stage already exists/,
    );
  });

  it("rejects settings of a route that does not exist, and keeps its own", async () => {
    const about = /NotFoundException: Unable to find Route by key GET \/c within the provided RouteSettings/;
    const inputs = { ...api.stage.inputs, routeSettings: [{ routeKey: "GET /c", ...NONE }] };
    await assert.rejects(updateResource(test.gateway, api.stage, inputs), about);
    await assert.rejects(test.make("stage", "second", { ...inputs, name: "second" }), about);
    assert.equal(await statusOf("/a"), 200);
  });

  it("refuses changes after a route with settings is deleted, until it leaves the settings out", async () => {
    const inputs = { ...api.stage.inputs, routeSettings: [{ routeKey: "GET /b", ...PLENTY }] };
    const stage = await updateResource(test.gateway, api.stage, inputs);
    await deleteResource(test.gateway, api.routes[1]);
    await assert.rejects(
      updateResource(test.gateway, stage, { ...inputs, description: "changed" }),
      /NotFoundException: Unable to find Route by key GET \/b/,
    );
    await updateResource(test.gateway, stage, { ...api.stage.inputs, description: "changed" });
    assert.equal(await statusOf("/a"), 200);
  });

  it("returns 404 when it is deleted, and can be created again", async () => {
    const { stage } = api;
    await deleteResource(test.gateway, stage);
    await deleteResource(test.gateway, stage);
    assert.equal(await statusOf("/a"), 404);
    assert.equal(await readResource(test.gateway, stage), undefined);
    await assert.rejects(
      updateResource(test.gateway, stage, stage.inputs),
      /NotFoundException: Invalid stage/,
    );
    await test.make("stage", "again", stage.inputs);
    assert.equal(await statusOf("/a"), 200);
  });

  it("is replaced when its API or name changes, and not otherwise", () => {
    const { replacing, updatable } = test.gateway.resourceHandlers["aws:apigatewayv2/stage:Stage"];
    assert.deepEqual(Object.keys(replacing), ["apiId", "name", "region"]);
    assert.ok(updatable.includes("stageVariables"));
  });
});
