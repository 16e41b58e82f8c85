import assert from "node:assert/strict";
import type { ExistingResource } from "../../../../local/aws/resource";
import { deleteResource, readResource, updateResource } from "../../support/create-resource";
import { createApi, startGateway, type TestApi, type TestGateway } from "./support/test-gateway";
import { AUDIENCE, startIssuer, type TestIssuer } from "./support/test-issuer";

describe("Authorizer of API Gateway", () => {
  let test: TestGateway;
  let api: TestApi;
  let issuer: TestIssuer;
  beforeEach(async () => {
    issuer = await startIssuer();
    test = await startGateway();
    api = await createApi(test, { routes: ["GET /tickets"] });
  });
  afterEach(async () => {
    await test.gateway.close();
    await issuer.close();
  });

  const make = (changes: object = {}, name = "people"): Promise<ExistingResource> =>
    test.make("authorizer", name, {
      ...{ apiId: api.id, authorizerType: "JWT", identitySources: ["$request.header.Authorization"], name },
      jwtConfiguration: { issuer: issuer.url, audiences: [AUDIENCE] },
      ...changes,
    });
  const protect = (inputs: object): Promise<ExistingResource> =>
    updateResource(test.gateway, api.routes[0], { ...api.routes[0].inputs, ...inputs });
  const statusOf = async (token?: string): Promise<number> => {
    const headers = token === undefined ? undefined : { authorization: token };
    return (await fetch(`${api.url}/tickets`, { headers })).status;
  };

  it("protects a route, and is taken from it again, in place", async () => {
    const { id: authorizerId } = await make();
    const inputs = { authorizationType: "JWT", authorizerId };
    const route = await protect(inputs);
    assert.equal(route.outputs.authorizationType, "JWT");
    assert.equal(await statusOf(), 401);
    assert.equal(await statusOf(await issuer.token()), 200);
    await protect({ ...inputs, authorizationScopes: ["tickets:read"] });
    assert.equal(await statusOf(await issuer.token()), 403);
    const open = await protect({});
    assert.equal(open.outputs.authorizationType, "NONE");
    assert.equal(await statusOf(), 200);
  });

  it("changes its audiences, its issuer and its header in place", async () => {
    const authorizer = await make();
    await protect({ authorizationType: "JWT", authorizerId: authorizer.id });
    const audiences = ["another-api"];
    const jwtConfiguration = { issuer: issuer.url, audiences };
    await updateResource(test.gateway, authorizer, { ...authorizer.inputs, jwtConfiguration });
    assert.equal(await statusOf(await issuer.token()), 401);
    const another = await startIssuer();
    const inputs = { ...authorizer.inputs, jwtConfiguration: { issuer: another.url, audiences: [AUDIENCE] } };
    await updateResource(test.gateway, authorizer, inputs);
    assert.equal(await statusOf(await another.token()), 200);
    assert.equal(await statusOf(await issuer.token()), 401);
    assert.deepEqual((await readResource(test.gateway, authorizer))?.inputs, inputs);
    await updateResource(test.gateway, authorizer, {
      ...inputs,
      identitySources: ["$request.header.X-Token"],
    });
    const headers = { "x-token": await another.token() };
    assert.equal((await fetch(`${api.url}/tickets`, { headers })).status, 200);
    await another.close();
  });

  it("is rejected while its issuer does not publish its configuration", async () => {
    const about =
      /BadRequestException: Caught exception when connecting to .*\/\.well-known\/openid-configuration for issuer .*Invalid issuer/;
    issuer.configuration = undefined;
    await assert.rejects(make(), about);
    issuer.configuration = { issuer: issuer.url };
    await assert.rejects(make(), /no jwks_uri/);
    await assert.rejects(
      make({ jwtConfiguration: { issuer: "http://127.0.0.1:1", audiences: ["x"] } }),
      about,
    );
  });

  it("keeps its issuer when the new one does not respond, and needs none for other changes", async () => {
    const authorizer = await make();
    const jwtConfiguration = { issuer: "http://127.0.0.1:1", audiences: [AUDIENCE] };
    await assert.rejects(
      updateResource(test.gateway, authorizer, { ...authorizer.inputs, jwtConfiguration }),
      /Invalid issuer/,
    );
    await protect({ authorizationType: "JWT", authorizerId: authorizer.id });
    assert.equal(await statusOf(await issuer.token()), 200);
    await issuer.close();
    await updateResource(test.gateway, authorizer, { ...authorizer.inputs, name: "renamed" });
  });

  const wrong: [what: string, changes: object, about: RegExp][] = [
    ["another type", { authorizerType: "REQUEST" }, /authorizerType: "REQUEST" is not emulated here/],
    [
      "no audience",
      { jwtConfiguration: { issuer: "https://a.example", audiences: [] } },
      /audiences: .*at least one/,
    ],
    [
      "an issuer without TLS",
      { jwtConfiguration: { issuer: "http://a.example", audiences: ["x"] } },
      /issuer: .*https:\/\//,
    ],
    [
      "an issuer that is no URL",
      { jwtConfiguration: { issuer: "accounts.example", audiences: ["x"] } },
      /issuer: .*https:\/\//,
    ],
    [
      "an issuer that only begins as this machine",
      { jwtConfiguration: { issuer: "http://127.0.0.1.example", audiences: ["x"] } },
      /https:\/\//,
    ],
    [
      "a query parameter as its source",
      { identitySources: ["$request.querystring.token"] },
      /identitySources/,
    ],
    ["no source", { identitySources: [] }, /identitySources/],
  ];
  for (const [what, changes, about] of wrong)
    it(`is rejected with ${what}`, () => assert.rejects(make(changes), about));

  it("is rejected with the name of another one", async () => {
    await make();
    const second = await make({}, "machines");
    await assert.rejects(make(), /name: ConflictException/);
    await assert.rejects(
      updateResource(test.gateway, second, { ...second.inputs, name: "people" }),
      /ConflictException/,
    );
  });

  it("cannot be deleted while a route refers to it", async () => {
    const authorizer = await make();
    await protect({ authorizationType: "JWT", authorizerId: authorizer.id });
    await assert.rejects(
      deleteResource(test.gateway, authorizer),
      /ConflictException: Cannot delete Authorizer/,
    );
    await protect({});
    await deleteResource(test.gateway, authorizer);
    assert.equal(await readResource(test.gateway, authorizer), undefined);
    await deleteResource(test.gateway, authorizer);
  });

  it("must exist in the API of the route", async () => {
    await assert.rejects(
      protect({ authorizationType: "JWT", authorizerId: "none" }),
      /authorizerId: BadRequestException/,
    );
    await assert.rejects(protect({ authorizationType: "JWT" }), /authorizerId/);
    assert.equal(await statusOf(), 200);
  });

  it("must be checked by the route that names it or has scopes", async () => {
    const { id: authorizerId } = await make();
    await assert.rejects(protect({ authorizerId }), /authorizerId: the route is public/);
    await assert.rejects(protect({ authorizationScopes: ["x"] }), /authorizationScopes: the route is public/);
  });

  it("protects no route by a scope that no token can have", async () => {
    const { id: authorizerId } = await make();
    for (const scope of ["", "a b", 'a"b', "a\\b", "a\r\nx: y", "日本"])
      await assert.rejects(
        protect({ authorizationType: "JWT", authorizerId, authorizationScopes: ["tickets:read", scope] }),
        /authorizationScopes: .* is not a scope/,
      );
    assert.equal(await statusOf(), 200);
  });
});
