import assert from "node:assert/strict";
import { machineTokens, refresh, signIn, tokensOf } from "../../../testing/sign-in";
import { createProtectedApi } from "../aws/apigateway/support/protected-api";
import { startGateway, type TestGateway } from "../aws/apigateway/support/test-gateway";
import { AUDIENCE, startLocalIssuer, type TestIssuer } from "./support/test-issuer";

/** Time for which API Gateway caches keys, in milliseconds. */
const CACHE_MS = 2 * 60 * 60 * 1000;

describe("API Gateway with tokens of the local issuer", () => {
  let test: TestIssuer;
  let gateway: TestGateway;
  /** Added to the clock of the gateway, in milliseconds. */
  let later: number;
  let send: (token: string | undefined, path?: string) => Promise<Response>;
  beforeEach(async () => {
    later = 0;
    test = await startLocalIssuer({ accessTokenSeconds: 6 * 60 * 60 });
    gateway = await startGateway({ clock: () => Date.now() + later });
    ({ send } = await createProtectedApi(gateway, test.issuer.url, [AUDIENCE]));
  });
  afterEach(async () => {
    await gateway.gateway.close();
    await test.close();
  });

  async function statusOf(token: string, path = "/tickets"): Promise<number> {
    return (await send(token, path)).status;
  }

  const machineToken = async () => (await machineTokens(test.issuer)).access_token;

  it("lets an agent, a viewer and the machine client read, and passes who they are", async () => {
    const { access_token: agent } = await signIn(test.client, "agent");
    const { access_token: viewer } = await signIn(test.client, "viewer");
    for (const token of [agent, viewer, await machineToken()]) assert.equal(await statusOf(token), 200);
    const claims = gateway.events.map(({ requestContext }) => requestContext.authorizer?.jwt.claims);
    assert.equal(new Set(claims.map((one) => one?.sub)).size, 3);
    assert.deepEqual(
      claims.map((one) => one?.client_id),
      ["web-ui", "web-ui", test.issuer.machineClient.clientId],
    );
  });

  it("returns 403 without a scope of the route, and 401 for an ID token", async () => {
    const { access_token, id_token } = await signIn(test.client, "viewer", { scope: "openid tickets:write" });
    assert.equal(await statusOf(access_token), 403);
    assert.equal(await statusOf(access_token, "/me"), 200);
    assert.equal(await statusOf(id_token, "/me"), 401);
  });

  it("accepts tokens while the issuer is down", async () => {
    const { access_token } = await signIn(test.client, "agent");
    assert.equal(await statusOf(access_token), 200);
    await test.issuer.stop();
    assert.equal(await statusOf(access_token), 200);
  });

  it("accepts tokens of the old and the new key after a rotation, also with cached keys", async () => {
    const tokens = await signIn(test.client, "agent");
    assert.equal(await statusOf(tokens.access_token), 200);
    await test.issuer.rotateKeys();
    const renewed = await tokensOf(await refresh(test.client, tokens.refresh_token));
    for (const cacheAge of [0, CACHE_MS + 1000]) {
      later = cacheAge;
      assert.equal(await statusOf(tokens.access_token), 200);
      assert.equal(await statusOf(renewed.access_token), 200);
    }
  });

  it("rejects tokens of an unannounced key until it reads the keys again", async () => {
    assert.equal(await statusOf(await machineToken()), 200);
    await test.issuer.rotateKeys({ announced: false });
    const token = await machineToken();
    assert.equal(await statusOf(token), 401);
    later = CACHE_MS + 1000;
    assert.equal(await statusOf(token), 200);
  });

  it("rejects tokens of a withdrawn key when it has read the keys again", async () => {
    const token = await machineToken();
    assert.equal(await statusOf(token), 200);
    await test.issuer.rotateKeys({ withdrawOld: true });
    assert.equal(await statusOf(token), 200);
    later = CACHE_MS + 1000;
    assert.equal(await statusOf(token), 401);
    assert.equal(await statusOf(await machineToken()), 200);
  });

  it("rejects an expired token", async () => {
    const token = await machineToken();
    later = 6 * 60 * 60 * 1000 + 1000;
    assert.equal(await statusOf(token), 401);
  });

  it("cannot be created while the issuer is down", async () => {
    await test.issuer.stop();
    await assert.rejects(
      gateway.make("authorizer", "late", {
        ...{ apiId: (await gateway.make("api", "late", { protocolType: "HTTP" })).id, authorizerType: "JWT" },
        identitySources: ["$request.header.Authorization"],
        jwtConfiguration: { issuer: test.issuer.url, audiences: [AUDIENCE] },
      }),
      /Caught exception when connecting to .*does not respond/,
    );
  });
});
