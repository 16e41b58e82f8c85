import assert from "node:assert/strict";
import type { ExistingResource } from "../../../../local/aws/resource";
import { deleteResource, readResource, updateResource } from "../../support/create-resource";
import {
  createApi,
  FUNCTION_ARN,
  startGateway,
  type TestApi,
  type TestGateway,
} from "./support/test-gateway";

describe("Route of API Gateway", () => {
  let test: TestGateway;
  let api: TestApi;
  beforeEach(async () => {
    test = await startGateway();
    api = await createApi(test, { routes: ["GET /tickets", "GET /tickets/{id}"] });
  });
  afterEach(() => test.gateway.close());

  const statusOf = async (path: string): Promise<number> => (await fetch(api.url + path)).status;
  const make = (routeKey: string): Promise<ExistingResource> =>
    test.make("route", routeKey, {
      apiId: api.id,
      routeKey,
      target: `integrations/${api.integration.id}`,
    });

  it("changes its key in place", async () => {
    const [route] = api.routes;
    const inputs = { ...route.inputs, routeKey: "GET /cards" };
    await updateResource(test.gateway, route, inputs);
    assert.deepEqual([await statusOf("/tickets"), await statusOf("/cards")], [404, 200]);
    assert.deepEqual((await readResource(test.gateway, route))?.inputs, inputs);
  });

  it("changes its integration in place", async () => {
    const other = await test.make("integration", "other", {
      ...api.integration.inputs,
      integrationUri: `${FUNCTION_ARN}-2`,
    });
    const [route] = api.routes;
    await updateResource(test.gateway, route, { ...route.inputs, target: `integrations/${other.id}` });
    assert.equal(await statusOf("/tickets"), 500, "The other function does not permit the call.");
    assert.equal(await statusOf("/tickets/1"), 200);
  });

  it("is rejected with the key of another route, which continues", async () => {
    const [first, second] = api.routes;
    const about = /routeKey: ConflictException: Route with key GET \/tickets already exists for this API/;
    await assert.rejects(make("GET /tickets"), about);
    await assert.rejects(
      updateResource(test.gateway, second, { ...second.inputs, routeKey: "GET /tickets" }),
      about,
    );
    await updateResource(test.gateway, first, { ...first.inputs, operationName: "list" });
    assert.deepEqual([await statusOf("/tickets"), await statusOf("/tickets/1")], [200, 200]);
  });

  it("is rejected with a key that differs in the name of a variable only", async () => {
    await assert.rejects(
      make("GET /tickets/{number}"),
      /ConflictException: .*conflicting variable .* as "GET \/tickets\/\{id\}"/,
    );
    await make("POST /tickets/{number}");
    await make("GET /tickets/{proxy+}");
  });

  it("keeps its target when the new one does not exist", async () => {
    const [route] = api.routes;
    const target = "integrations/none";
    await assert.rejects(updateResource(test.gateway, route, { ...route.inputs, target }), /target: "integr/);
    assert.equal(await statusOf("/tickets"), 200);
  });

  it("returns 404 when it is deleted, and can be created again", async () => {
    const [route] = api.routes;
    await deleteResource(test.gateway, route);
    await deleteResource(test.gateway, route);
    assert.equal(await statusOf("/tickets"), 404);
    assert.equal(await readResource(test.gateway, route), undefined);
    await assert.rejects(
      updateResource(test.gateway, route, route.inputs),
      /NotFoundException: Invalid Route/,
    );
    await make("GET /tickets");
    assert.equal(await statusOf("/tickets"), 200);
  });

  it("is replaced when its API changes, and not otherwise", () => {
    const { replacing, updatable } = test.gateway.resourceHandlers["aws:apigatewayv2/route:Route"];
    assert.deepEqual(Object.keys(replacing), ["apiId", "region"]);
    assert.ok(updatable.includes("routeKey"));
  });
});

describe("Integration of API Gateway", () => {
  let test: TestGateway;
  let api: TestApi;
  beforeEach(async () => {
    test = await startGateway({
      invoke: ({ rawPath }) =>
        rawPath === "/endless"
          ? new Promise(() => undefined)
          : Promise.resolve({ payload: { statusCode: 200, body: "made" } }),
    });
    api = await createApi(test);
  });
  afterEach(() => test.gateway.close());

  it("changes its timeout and function in place", async () => {
    const { integration } = api;
    const inputs = { ...integration.inputs, timeoutMilliseconds: 50 };
    const updated = await updateResource(test.gateway, integration, inputs);
    assert.equal(updated.outputs.timeoutMilliseconds, 50);
    assert.equal((await fetch(`${api.url}/endless`)).status, 503);
    assert.deepEqual((await readResource(test.gateway, integration))?.inputs, inputs);
    const integrationUri = `${FUNCTION_ARN}-2`;
    await updateResource(test.gateway, updated, { ...integration.inputs, integrationUri });
    assert.equal((await fetch(api.url)).status, 500, "The other function does not permit the call.");
  });

  it("takes null as a setting that is left out", async () => {
    const inputs = { ...api.integration.inputs, timeoutMilliseconds: null, integrationMethod: null };
    const updated = await updateResource(test.gateway, api.integration, inputs);
    assert.equal(updated.outputs.timeoutMilliseconds, 30_000);
  });

  it("keeps its settings when a change is rejected", async () => {
    const { integration } = api;
    const inputs = { ...integration.inputs, timeoutMilliseconds: 1 };
    await assert.rejects(updateResource(test.gateway, integration, inputs), /timeoutMilliseconds: 1 /);
    assert.equal((await fetch(api.url)).status, 200);
  });

  it("cannot be deleted while a route refers to it", async () => {
    const { integration, routes } = api;
    await assert.rejects(
      deleteResource(test.gateway, integration),
      new RegExp(`ConflictException: Cannot delete Integration .* \\[${routes[0].id}\\]`),
    );
    await deleteResource(test.gateway, routes[0]);
    await deleteResource(test.gateway, integration);
    assert.equal(await readResource(test.gateway, integration), undefined);
    await deleteResource(test.gateway, integration);
    await assert.rejects(
      updateResource(test.gateway, integration, integration.inputs),
      /NotFoundException: Invalid Integration identifier/,
    );
  });

  it("is replaced when its API or type changes, and not otherwise", () => {
    const { replacing, updatable } =
      test.gateway.resourceHandlers["aws:apigatewayv2/integration:Integration"];
    assert.deepEqual(Object.keys(replacing), ["apiId", "integrationType", "region"]);
    assert.ok(updatable.includes("integrationUri"));
  });
});
