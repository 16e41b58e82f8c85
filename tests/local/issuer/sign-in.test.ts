import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { USERS } from "../../../local/issuer/users";
import { CookieBrowser } from "../../../testing/cookie-browser";
import { authorizationRequest, authorize, redeem, signIn, tokensOf } from "../../../testing/sign-in";
import { waitFor } from "../../support/wait-for";
import { issuersOfEachTest, startLocalIssuer, UI_ORIGIN, type TestIssuer } from "./support/test-issuer";

describe("Sign-in at the local issuer", () => {
  let test: TestIssuer;
  before(async () => (test = await startLocalIssuer()));
  after(() => test.close());
  const startOther = issuersOfEachTest();

  /** Opens the sign-in form of an authorization request. */
  async function openForm(browser = new CookieBrowser()) {
    const request = await authorizationRequest(test.client);
    const response = await browser.open(request.url);
    const url = new URL(response.headers.get("location") ?? "", test.issuer.url);
    return { browser, url, page: await browser.open(url) };
  }

  it("gives the agent all rights, and the viewer the right to read, whatever the client asks for", async () => {
    const scopesOf = async (user: "agent" | "viewer", scope?: string) =>
      decodeJwt((await signIn(test.client, user, { scope })).access_token).scope;
    assert.equal(await scopesOf("agent"), "openid tickets:read tickets:write tickets:delete");
    assert.equal(await scopesOf("viewer"), "openid tickets:read");
    assert.equal(await scopesOf("viewer", "openid tickets:write admin"), "openid");
    assert.equal(await scopesOf("agent", "openid tickets:delete admin *"), "openid tickets:delete");
  });

  it("issues access tokens of the form that an API expects", async () => {
    const tokens = await signIn(test.client, "agent");
    const { iat = 0, jti, ...claims } = decodeJwt(tokens.access_token);
    assert.ok(jti);
    assert.deepEqual(claims, {
      ...{ iss: test.issuer.url, aud: "tickets-api", sub: USERS[0].sub, client_id: "web-ui" },
      ...{ scope: "openid tickets:read tickets:write tickets:delete", exp: iat + 3600 },
    });
    assert.equal(tokens.expires_in, 3600);
    assert.equal(decodeJwt(tokens.id_token).name, "Ada Agent");
  });

  it("identifies a user by the same subject at every start", async () => {
    const other = await startOther();
    const subjects = [];
    for (const { client } of [test, other])
      subjects.push(decodeJwt((await signIn(client, "viewer")).access_token).sub);
    assert.equal(subjects[0], subjects[1]);
  });

  it("uses the configured names of scopes and lives of tokens", async () => {
    const scopes = { read: "tickets/read", write: "tickets/write", delete: "tickets/delete" };
    const other = await startOther({ scopes, accessTokenSeconds: 7200 });
    const tokens = await signIn(other.client, "agent", { scope: "openid tickets/read tickets:write" });
    assert.equal(decodeJwt(tokens.access_token).scope, "openid tickets/read");
    assert.equal(tokens.expires_in, 7200);
  });

  it("asks once for each session", async () => {
    const browser = new CookieBrowser();
    await signIn(test.client, "viewer", { browser });
    const { callback, verifier } = await authorize(test.client, { browser });
    const code = callback.searchParams.get("code") ?? "";
    const tokens = await tokensOf(await redeem(test.client, code, verifier));
    assert.equal(decodeJwt(tokens.access_token).sub, USERS[1].sub);
  });

  it("asks again after the session, or returns login_required if it must not ask", async () => {
    const other = await startOther({ sessionSeconds: 2 });
    const browser = new CookieBrowser();
    await signIn(other.client, "agent", { browser });
    const silently = () => authorize(other.client, { browser, parameters: { prompt: "none" } });
    // Requests do not prolong the session.
    const { callback } = await waitFor(
      async () => {
        const result = await silently();
        return result.callback.searchParams.has("error") && result;
      },
      { what: "the end of the session" },
    );
    assert.equal(callback.searchParams.get("error"), "login_required");
    await assert.rejects(authorize(other.client, { browser }), /sign-in.* 200: Sign in/);
  });

  it("lets another user sign in when the client asks for it", async () => {
    const browser = new CookieBrowser();
    await signIn(test.client, "viewer", { browser });
    const { callback, verifier } = await authorize(test.client, {
      ...{ browser, user: "agent", parameters: { prompt: "login" } },
    });
    const code = callback.searchParams.get("code") ?? "";
    const tokens = await tokensOf(await redeem(test.client, code, verifier));
    assert.equal(decodeJwt(tokens.access_token).sub, USERS[0].sub);
  });

  it("needs PKCE with S256", async () => {
    for (const parameters of [
      { code_challenge: undefined, code_challenge_method: undefined },
      { code_challenge_method: "plain" },
    ]) {
      const { callback } = await authorize(test.client, { user: "agent", parameters });
      assert.equal(callback.searchParams.get("error"), "invalid_request");
    }
  });

  it("rejects a code with another verifier, and a code that was used", async () => {
    const wrong = await authorize(test.client, { user: "agent" });
    const code = wrong.callback.searchParams.get("code") ?? "";
    assert.equal((await redeem(test.client, code, "v".repeat(43))).status, 400);

    const used = await authorize(test.client, { user: "agent" });
    const usedCode = used.callback.searchParams.get("code") ?? "";
    assert.equal((await redeem(test.client, usedCode, used.verifier)).status, 200);
    const response = await redeem(test.client, usedCode, used.verifier);
    assert.equal(response.status, 400);
    assert.equal(((await response.json()) as { error: string }).error, "invalid_grant");
  });

  it("never redirects to an address that is not that of a web UI", async () => {
    for (const redirect_uri of ["https://evil.example/", `${UI_ORIGIN}/other`, `${UI_ORIGIN}.evil.example/`])
      await assert.rejects(
        authorize(test.client, { user: "agent", parameters: { redirect_uri } }),
        /\/authorize responds with 400: The local issuer rejected the request/,
      );
  });

  it("accepts addresses of web UIs that are known after its start", async () => {
    const uris: string[] = [];
    const other = await startOther({ redirectUris: () => uris });
    await assert.rejects(signIn(other.client, "agent"), /400/);
    uris.push(other.client.redirectUri);
    await signIn(other.client, "agent");
    uris.push("http://app.localhost:4001/");
    await signIn({ ...other.client, redirectUri: "http://app.localhost:4001/" }, "agent");
  });

  it("serves a form without scripts, styles and servers of others", async () => {
    const { page } = await openForm();
    const html = await page.text();
    assert.equal(page.status, 200);
    assert.match(html, /<html lang="en">/);
    assert.match(html, /no passwords/);
    assert.match(html, /value="agent"><strong>Ada Agent<\/strong><br>may read, write and delete tickets</);
    assert.match(html, /value="viewer"><strong>Vic Viewer<\/strong><br>may read tickets</);
    assert.doesNotMatch(html, /<script|<style| style=|https?:/);
    assert.equal(page.headers.get("cache-control"), "no-store");
    const policy = page.headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'; style-src 'self'; script-src 'self';/);
    assert.ok(policy.includes(`form-action 'self' ${UI_ORIGIN};`));
    assert.match(policy, /frame-ancestors 'none'/);
    const style = await fetch(`${test.issuer.url}/issuer.css`);
    assert.equal(style.headers.get("content-type"), "text/css; charset=utf-8");
  });

  it("sets cookies that http://127.0.0.1 keeps and scripts cannot read", async () => {
    const browser = new CookieBrowser();
    const { url } = await openForm(browser);
    const response = await browser.open(url, { user: "agent" });
    const resumed = await browser.open(response.headers.get("location") ?? "");
    const cookies = resumed.headers.getSetCookie().filter((line) => line.includes("_session"));
    assert.equal(cookies.length, 2);
    for (const cookie of cookies) {
      assert.match(cookie, /; httponly/i);
      assert.match(cookie, /; samesite=lax/i);
      assert.doesNotMatch(cookie, /; (secure|domain)/i);
      assert.ok(cookie.startsWith(`issuer_${new URL(test.issuer.url).port}_session`));
    }
  });

  it("rejects an unknown user and a form that is too long", async () => {
    const { browser, url } = await openForm();
    for (const user of ["admin", "x".repeat(5000)]) {
      const response = await browser.open(url, { user });
      assert.equal(response.status, 400);
      assert.match(await response.text(), /The users are agent and viewer\./);
    }
    assert.equal((await browser.open(url, { user: "agent" })).status, 303);
  });

  it("says what to do about a sign-in that has ended or began elsewhere", async () => {
    const { browser, url } = await openForm();
    const response = await browser.open(url, { user: "agent" });
    await browser.open(response.headers.get("location") ?? "");
    for (const again of [browser, new CookieBrowser()]) {
      const page = await again.open(url, { user: "agent" });
      assert.equal(page.status, 400);
      assert.match(await page.text(), /Go back to the web UI and sign in again\./);
    }
  });
});
