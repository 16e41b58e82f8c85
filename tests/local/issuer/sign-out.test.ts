import assert from "node:assert/strict";
import { CookieBrowser } from "../../../testing/cookie-browser";
import { authorize, endpointsOf, refresh, signIn, type Tokens } from "../../../testing/sign-in";
import { startLocalIssuer, UI_ORIGIN, type TestIssuer } from "./support/test-issuer";

describe("Sign-out at the local issuer", () => {
  let test: TestIssuer;
  let browser: CookieBrowser;
  let tokens: Tokens;
  before(async () => (test = await startLocalIssuer()));
  after(() => test.close());
  beforeEach(async () => {
    browser = new CookieBrowser();
    tokens = await signIn(test.client, "agent", { browser });
  });

  async function openSignOut(parameters: Record<string, string>, from = browser): Promise<Response> {
    const { end_session_endpoint } = await endpointsOf(test.issuer.url);
    return from.open(`${end_session_endpoint}?${new URLSearchParams(parameters)}`);
  }

  /** Sends the form of a page, as its button or its script does. */
  async function submit(page: Response, from = browser): Promise<Response> {
    const html = await page.text();
    const [, action] = /action="([^"]+)"/.exec(html) ?? [];
    const fields = [...html.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value,
    ]);
    return from.open(action, Object.fromEntries(fields) as Record<string, string>);
  }

  const withHint = () => ({
    ...{ id_token_hint: tokens.id_token, post_logout_redirect_uri: test.client.redirectUri, state: "done" },
  });

  it("ends the session and its refresh tokens, and returns to the web UI", async () => {
    const response = await submit(await openSignOut(withHint()));
    assert.equal(response.status, 303);
    assert.equal(response.headers.get("location"), `${UI_ORIGIN}/?state=done`);
    assert.equal((await refresh(test.client, tokens.refresh_token)).status, 400);
    await assert.rejects(authorize(test.client, { browser }), /200: Sign in/);
  });

  it("asks nothing if the request has the ID token of the user: a script of the issuer sends the form", async () => {
    const page = await openSignOut(withHint());
    const html = await page.text();
    assert.match(html, /<script src="\/sign-out\.js" defer><\/script>/);
    assert.doesNotMatch(html, /<script>/);
    const script = await fetch(`${test.issuer.url}/sign-out.js`);
    assert.equal(script.headers.get("content-type"), "text/javascript; charset=utf-8");
    const policy = page.headers.get("content-security-policy") ?? "";
    assert.ok(policy.includes("script-src 'self';") && policy.includes(`form-action 'self' ${UI_ORIGIN};`));
  });

  it("waits for the user if the request is a link of any site", async () => {
    const page = await openSignOut({});
    const html = await page.clone().text();
    assert.doesNotMatch(html, /<script/);
    assert.match(html, /<button form="op\.logoutForm">Sign out<\/button>/);
    assert.equal((await refresh(test.client, tokens.refresh_token)).status, 200);
    const response = await submit(page);
    const signedOut = await browser.open(response.headers.get("location") ?? "");
    assert.match(await signedOut.text(), /You are signed out of the local cloud\./);
  });

  it("waits for the user if the ID token is that of another one", async () => {
    const viewer = await signIn(test.client, "viewer");
    const page = await openSignOut({ id_token_hint: viewer.id_token });
    assert.doesNotMatch(await page.text(), /<script/);
  });

  it("accepts an ID token that was signed before a rotation of the keys", async () => {
    await test.issuer.rotateKeys();
    assert.equal((await submit(await openSignOut(withHint()))).status, 303);
  });

  it("returns to the web UI when nobody is signed in any more", async () => {
    const elsewhere = new CookieBrowser();
    const page = await openSignOut(withHint(), elsewhere);
    const policy = page.headers.get("content-security-policy") ?? "";
    assert.match(policy, /script-src 'self' 'sha256-[^']+'/);
    const response = await submit(page, elsewhere);
    assert.equal(response.headers.get("location"), `${UI_ORIGIN}/?state=done`);
  });

  it("never redirects to another site, and keeps the session", async () => {
    const page = await openSignOut({ ...withHint(), post_logout_redirect_uri: "https://evil.example/" });
    assert.equal(page.status, 400);
    assert.match(await page.text(), /post_logout_redirect_uri not registered/);
    assert.equal((await refresh(test.client, tokens.refresh_token)).status, 200);
  });

  it("rejects a form without the secret of its page", async () => {
    await openSignOut(withHint());
    const { end_session_endpoint } = await endpointsOf(test.issuer.url);
    const response = await browser.open(`${end_session_endpoint}/confirm`, { xsrf: "x", logout: "yes" });
    assert.equal(response.status, 400);
    assert.equal((await refresh(test.client, tokens.refresh_token)).status, 200);
  });
});
