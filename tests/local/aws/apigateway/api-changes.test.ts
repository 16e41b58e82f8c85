import assert from "node:assert/strict";
import { createServer, type AddressInfo } from "node:net";
import type { Invocation } from "../../../../local/aws/apigateway/model";
import { deleteResource, readResource, updateResource } from "../../support/create-resource";
import { openKeepAlive } from "./support/keep-alive";
import { IRELAND, SINGAPORE, createApi, startGateway, type TestGateway } from "./support/test-gateway";

const ORIGIN = "https://app.example";

describe("Api of API Gateway", () => {
  let test: TestGateway;
  afterEach(() => test.gateway.close());

  it("changes its CORS and name in place, over an open connection", async () => {
    test = await startGateway();
    const { api, url } = await createApi(test);
    const client = openKeepAlive(url);
    const { localPort } = await client.get("/");
    const inputs = { ...api.inputs, name: "renamed", corsConfiguration: { allowOrigins: [ORIGIN] } };
    const updated = await updateResource(test.gateway, api, inputs);
    assert.equal(updated.outputs.name, "renamed");
    assert.equal(updated.outputs.apiEndpoint, url);
    assert.equal((await client.get("/")).localPort, localPort);
    client.close();
    const { headers } = await fetch(url, { headers: { origin: ORIGIN } });
    assert.equal(headers.get("access-control-allow-origin"), ORIGIN);
    assert.deepEqual((await readResource(test.gateway, api))?.inputs, inputs);
  });

  it("turns its own endpoint off and on again", async () => {
    test = await startGateway();
    const { api, url } = await createApi(test);
    const off = await updateResource(test.gateway, api, { ...api.inputs, disableExecuteApiEndpoint: true });
    assert.equal((await fetch(url)).status, 404);
    await updateResource(test.gateway, off, api.inputs);
    assert.equal((await fetch(url)).status, 200);
  });

  it("keeps its CORS when a change of it is rejected", async () => {
    test = await startGateway();
    const { api, url } = await createApi(test, { api: { corsConfiguration: { allowOrigins: [ORIGIN] } } });
    const corsConfiguration = { allowOrigins: ["*"], allowCredentials: true };
    await assert.rejects(
      updateResource(test.gateway, api, { ...api.inputs, corsConfiguration }),
      /corsConfiguration\.allowOrigins/,
    );
    const { headers } = await fetch(url, { headers: { origin: ORIGIN } });
    assert.equal(headers.get("access-control-allow-origin"), ORIGIN);
  });

  it("keeps its server when a second API of its id is created", async () => {
    test = await startGateway();
    const { api, url } = await createApi(test);
    const { type, name, region, inputs } = api;
    const physicalName = String(api.outputs.name);
    const again = test.gateway.resourceHandlers[type].create({ type, name, region, physicalName, inputs });
    await assert.rejects(again, /ConflictException: the id .* is taken/);
    assert.equal((await fetch(url)).status, 200);
  });

  it("is gone with all that it contains when it is deleted", async () => {
    test = await startGateway();
    const { api, integration, routes, stage, url } = await createApi(test);
    await deleteResource(test.gateway, api);
    await assert.rejects(fetch(url));
    for (const resource of [api, integration, ...routes, stage]) {
      assert.equal(await readResource(test.gateway, resource), undefined);
      await deleteResource(test.gateway, resource);
      await assert.rejects(
        updateResource(test.gateway, resource, resource.inputs),
        /NotFoundException: Invalid API identifier specified/,
      );
    }
  });

  it("responds to its pending requests before it is deleted", async () => {
    let respond: (invocation: Invocation) => void = () => undefined;
    let called = (): void => undefined;
    const isCalled = new Promise<void>((resolve) => (called = resolve));
    test = await startGateway({
      invoke: () => {
        called();
        return new Promise((resolve) => (respond = resolve));
      },
    });
    const { api, url } = await createApi(test);
    const client = openKeepAlive(url);
    const pending = client.get("/");
    await isCalled;
    let isDeleted = false;
    const deleted = deleteResource(test.gateway, api).then(() => (isDeleted = true));
    await assert.rejects(fetch(url), "It accepts no further connection.");
    assert.equal(isDeleted, false);
    respond({ payload: { statusCode: 200, body: "late" } });
    assert.equal((await pending).body, "late");
    await deleted;
    client.close();
  });

  it("gives the region's port to the next API when it is deleted, and to no other region", async () => {
    const ports = { [IRELAND]: await freePort(), [SINGAPORE]: await freePort() };
    test = await startGateway({ apiPorts: ports });
    const first = await createApi(test);
    const replacement = await createApi(test);
    assert.equal(first.url, `http://127.0.0.1:${ports[IRELAND]}`);
    assert.notEqual(replacement.url, first.url);
    await deleteResource(test.gateway, replacement.api);
    await deleteResource(test.gateway, first.api);
    assert.equal((await createApi(test, { region: SINGAPORE })).url, `http://127.0.0.1:${ports[SINGAPORE]}`);
    const next = await createApi(test);
    assert.equal(next.url, first.url);
    assert.equal((await fetch(next.url)).status, 200);
  });

  it("gives the region's port back when another program uses it at first", async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
    const { port } = blocker.address() as AddressInfo;
    test = await startGateway({ apiPorts: { [IRELAND]: port } });
    await assert.rejects(createApi(test), new RegExp(`Port ${port} .* the API of ireland, is in use`));
    await new Promise((resolve) => blocker.close(resolve));
    assert.equal((await createApi(test)).url, `http://127.0.0.1:${port}`);
  });

  it("stays deleted when its region comes back", async () => {
    test = await startGateway();
    const { api, url } = await createApi(test);
    test.regions.setState("ireland", "down");
    await deleteResource(test.gateway, api);
    test.regions.setState("ireland", "up");
    await assert.rejects(fetch(url));
  });

  it("is replaced when its protocol changes, and not otherwise", async () => {
    test = await startGateway();
    const { replacing } = test.gateway.resourceHandlers["aws:apigatewayv2/api:Api"];
    assert.deepEqual(Object.keys(replacing), ["protocolType", "region"]);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
