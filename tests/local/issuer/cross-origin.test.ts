import assert from "node:assert/strict";
import { endpointsOf, refresh, signIn } from "../../../testing/sign-in";
import { startLocalIssuer, UI_ORIGIN, type TestIssuer } from "./support/test-issuer";

const FOREIGN = ["https://evil.example", "http://app.localhost:4001", "null"];

describe("Cross-origin requests to the local issuer", () => {
  let test: TestIssuer;
  before(async () => (test = await startLocalIssuer()));
  after(() => test.close());

  async function send(
    endpoint: "token_endpoint" | "userinfo_endpoint" | "revocation_endpoint",
    origin: string,
    init: RequestInit = {},
  ): Promise<Response> {
    const url = (await endpointsOf(test.issuer.url))[endpoint];
    return fetch(url, { ...init, headers: { origin, ...(init.headers as Record<string, string>) } });
  }

  const preflight = (method: string) => ({
    method: "OPTIONS",
    headers: { "access-control-request-method": method, "access-control-request-headers": "authorization" },
  });

  const allowedOrigin = (response: Response) => response.headers.get("access-control-allow-origin");

  it("lets scripts of the web UI call the token, revocation and userinfo endpoints", async () => {
    const { access_token, refresh_token } = await signIn(test.client, "agent");
    const body = new URLSearchParams({
      ...{ grant_type: "refresh_token", refresh_token, client_id: test.client.clientId },
    });
    const headers = { authorization: `Bearer ${access_token}` };
    for (const response of [
      await send("token_endpoint", UI_ORIGIN, { method: "POST", body }),
      await send("userinfo_endpoint", UI_ORIGIN, { headers }),
      await send("token_endpoint", UI_ORIGIN, preflight("POST")),
      await send("revocation_endpoint", UI_ORIGIN, preflight("POST")),
      await send("userinfo_endpoint", UI_ORIGIN, preflight("GET")),
    ]) {
      assert.ok(response.ok, `${response.url} ${response.status}`);
      assert.equal(allowedOrigin(response), UI_ORIGIN);
      assert.match(response.headers.get("vary") ?? "", /origin/i);
    }
  });

  it("lets scripts of the web UI read why a token request failed", async () => {
    const body = new URLSearchParams({
      ...{ grant_type: "refresh_token", refresh_token: "x", client_id: test.client.clientId },
    });
    const response = await send("token_endpoint", UI_ORIGIN, { method: "POST", body });
    assert.equal(response.status, 400);
    assert.equal(allowedOrigin(response), UI_ORIGIN);
  });

  it("rejects requests and preflights of other sites without CORS headers, and does not use their tokens", async () => {
    const { access_token, refresh_token } = await signIn(test.client, "agent");
    for (const origin of FOREIGN) {
      const body = new URLSearchParams({
        ...{ grant_type: "refresh_token", refresh_token, client_id: test.client.clientId },
      });
      const headers = { authorization: `Bearer ${access_token}` };
      for (const response of [
        await send("token_endpoint", origin, { method: "POST", body }),
        await send("token_endpoint", origin, preflight("POST")),
        await send("userinfo_endpoint", origin, { headers }),
        await send("userinfo_endpoint", origin, preflight("GET")),
      ]) {
        assert.equal(response.status, 403, response.url);
        assert.equal(allowedOrigin(response), null);
        assert.match(await response.text(), /is not that of a web UI/);
      }
    }
    assert.equal((await refresh(test.client, refresh_token)).status, 200);
  });

  it("rejects a sign-in form that another site sends", async () => {
    const url = `${test.issuer.url}/sign-in/any`;
    const response = await fetch(url, {
      method: "POST",
      headers: { origin: "https://evil.example" },
      body: new URLSearchParams({ user: "agent" }),
    });
    assert.equal(response.status, 403);
  });

  it("lets every site read its configuration and public keys", async () => {
    for (const path of ["/.well-known/openid-configuration", "/jwks"]) {
      const response = await fetch(test.issuer.url + path, { headers: { origin: "https://other.example" } });
      assert.equal(allowedOrigin(response), "https://other.example");
    }
  });

  it("fails with the address that is not a URL", async () => {
    const wrong = await startLocalIssuer({ redirectUris: () => ["localhost"] });
    const response = await fetch(`${wrong.issuer.url}/jwks`);
    await wrong.close();
    assert.equal(response.status, 500);
    assert.match(wrong.logged.join("\n"), /redirectUris of the local issuer has "localhost"/);
  });
});
