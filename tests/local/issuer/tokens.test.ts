import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { USERS } from "../../../local/issuer/users";
import { CookieBrowser } from "../../../testing/cookie-browser";
import {
  authorize,
  endpointsOf,
  machineTokens,
  refresh,
  requestTokens,
  signIn,
  tokensOf,
} from "../../../testing/sign-in";
import { waitFor } from "../../support/wait-for";
import { issuersOfEachTest, startLocalIssuer, type TestIssuer } from "./support/test-issuer";

describe("Tokens of the local issuer", () => {
  let test: TestIssuer;
  before(async () => (test = await startLocalIssuer()));
  after(() => test.close());
  const startOther = issuersOfEachTest();

  async function errorOf(response: Response): Promise<string> {
    assert.ok(!response.ok);
    return ((await response.json()) as { error: string }).error;
  }

  it("replaces a refresh token at each use, with the rights of the user", async () => {
    const first = await signIn(test.client, "viewer");
    const second = await tokensOf(await refresh(test.client, first.refresh_token));
    const third = await tokensOf(await refresh(test.client, second.refresh_token));
    assert.equal(new Set([first, second, third].map((tokens) => tokens.refresh_token)).size, 3);
    const { sub, scope } = decodeJwt(third.access_token);
    assert.deepEqual([sub, scope], [USERS[1].sub, "openid tickets:read"]);
  });

  it("ends all refresh tokens of a sign-in when one is used twice", async () => {
    const first = await signIn(test.client, "agent");
    const second = await tokensOf(await refresh(test.client, first.refresh_token));
    const other = await signIn(test.client, "agent");
    assert.equal(await errorOf(await refresh(test.client, first.refresh_token)), "invalid_grant");
    assert.equal(await errorOf(await refresh(test.client, second.refresh_token)), "invalid_grant");
    assert.equal((await refresh(test.client, other.refresh_token)).status, 200);
    assert.ok(test.logged.includes("issuer: Rejected: refresh token already used."), test.logged.join("\n"));
  });

  it("does not prolong the life of a refresh token by its use", async () => {
    const short = await startOther({ refreshTokenSeconds: 5 });
    let { refresh_token: token } = await signIn(short.client, "agent");
    let uses = 0;
    const response = await waitFor(
      async () => {
        const renewed = await refresh(short.client, token);
        if (!renewed.ok) return renewed;
        ({ refresh_token: token } = await tokensOf(renewed));
        uses += 1;
        return undefined;
      },
      { what: "the end of the refresh tokens" },
    );
    assert.equal(await errorOf(response), "invalid_grant");
    assert.ok(uses > 0);
  });

  it("keeps refresh tokens valid after the session", async () => {
    const short = await startOther({ sessionSeconds: 1 });
    const browser = new CookieBrowser();
    const { refresh_token } = await signIn(short.client, "agent", { browser });
    const silently = () => authorize(short.client, { browser, parameters: { prompt: "none" } });
    await waitFor(async () => (await silently()).callback.searchParams.has("error"), {
      what: "the end of the session",
    });
    const response = await refresh(short.client, refresh_token);
    assert.equal(response.status, 200);
  });

  it("ends the refresh tokens of a sign-in that the web UI revokes", async () => {
    const first = await signIn(test.client, "agent");
    const second = await tokensOf(await refresh(test.client, first.refresh_token));
    const { revocation_endpoint } = await endpointsOf(test.issuer.url);
    const form = { token: second.refresh_token, client_id: test.client.clientId };
    const revoked = await fetch(revocation_endpoint, { method: "POST", body: new URLSearchParams(form) });
    assert.equal(revoked.status, 200);
    assert.equal(await errorOf(await refresh(test.client, second.refresh_token)), "invalid_grant");
  });

  it("rejects the refresh token of another client, and other grant types", async () => {
    const { refresh_token } = await signIn(test.client, "agent");
    const { clientId: client_id, clientSecret: client_secret } = test.issuer.machineClient;
    const stolen = { grant_type: "refresh_token", refresh_token, client_id, client_secret };
    assert.equal(await errorOf(await requestTokens(test.issuer.url, stolen)), "invalid_request");
    const asMachine = { grant_type: "client_credentials", client_id: test.client.clientId };
    assert.equal(await errorOf(await requestTokens(test.issuer.url, asMachine)), "invalid_request");
    assert.equal((await refresh(test.client, refresh_token)).status, 200);
  });

  it("issues tokens for its audience only", async () => {
    const { clientId: client_id, clientSecret: client_secret } = test.issuer.machineClient;
    const form = {
      grant_type: "client_credentials",
      client_id,
      client_secret,
      resource: "https://other.example/",
    };
    assert.equal(await errorOf(await requestTokens(test.issuer.url, form)), "invalid_target");
    const uri = await startOther({ audience: "https://tickets.example/api" });
    const { access_token } = await machineTokens(uri.issuer);
    assert.equal(decodeJwt(access_token).aud, "https://tickets.example/api");
  });

  it("gives the machine client the scopes that it asks for and is configured to have", async () => {
    const { access_token } = await machineTokens(test.issuer, "tickets:read tickets:delete admin");
    const { sub, client_id, scope, aud } = decodeJwt(access_token);
    const { clientId } = test.issuer.machineClient;
    assert.deepEqual(
      [sub, client_id, scope, aud],
      [clientId, clientId, "tickets:read tickets:delete", "tickets-api"],
    );
    const reader = await startOther({ machineRights: ["read"] });
    const tokens = await machineTokens(reader.issuer);
    assert.equal(tokens.scope, "tickets:read");
  });

  it("rejects a wrong secret and the secret of an earlier start", async () => {
    const { url, machineClient } = test.issuer;
    const other = await startOther();
    const { clientSecret } = other.issuer.machineClient;
    assert.notEqual(clientSecret, machineClient.clientSecret);
    await assert.rejects(
      machineTokens({ url, machineClient: { ...machineClient, clientSecret } }),
      /401.*invalid_client/,
    );
  });

  describe("userinfo endpoint", () => {
    async function userInfo(token?: string): Promise<Response> {
      const { userinfo_endpoint } = await endpointsOf(test.issuer.url);
      return fetch(
        userinfo_endpoint,
        token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
      );
    }

    it("returns the subject and the display name of the user", async () => {
      const { access_token } = await signIn(test.client, "viewer");
      const response = await userInfo(access_token);
      assert.deepEqual(await response.json(), { sub: USERS[1].sub, name: "Vic Viewer" });
      assert.equal(response.headers.get("cache-control"), "no-store");
    });

    it("returns the name for a token that was signed before a rotation of the keys", async () => {
      const { access_token } = await signIn(test.client, "agent");
      await test.issuer.rotateKeys();
      assert.equal((await userInfo(access_token)).status, 200);
      await test.issuer.rotateKeys({ withdrawOld: true });
      assert.equal((await userInfo(access_token)).status, 401);
    });

    it("returns 401 without an access token of a user that has the scope openid", async () => {
      const missing = await userInfo();
      assert.equal(missing.status, 401);
      assert.equal(missing.headers.get("www-authenticate"), "Bearer");
      const { id_token } = await signIn(test.client, "agent");
      const { access_token: machine } = await machineTokens(test.issuer);
      const { access_token: withoutOpenId } = await signIn(test.client, "agent", { scope: "tickets:read" });
      for (const token of ["x", id_token, machine, withoutOpenId]) {
        const response = await userInfo(token);
        assert.equal(response.status, 401);
        assert.equal(response.headers.get("www-authenticate"), 'Bearer error="invalid_token"');
      }
    });

    it("returns 401 for an expired token", async () => {
      const short = await startOther({ accessTokenSeconds: 1 });
      const { access_token } = await signIn(short.client, "agent");
      const headers = { authorization: `Bearer ${access_token}` };
      await waitFor(async () => (await fetch(`${short.issuer.url}/userinfo`, { headers })).status === 401, {
        what: "the end of the token",
      });
    });
  });
});
