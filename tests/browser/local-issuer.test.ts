import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { Browser, Page } from "playwright-core";
import { closeServer, listen } from "../../local/aws/listen";
import {
  authorizationRequest,
  endpointsOf,
  redeem,
  refresh,
  tokensOf,
  type SignInClient,
  type Tokens,
} from "../../testing/sign-in";
import { startLocalIssuer, type TestIssuer } from "../local/issuer/support/test-issuer";
import { axeViolations } from "../support/axe";
import { openBrowser } from "../support/browser";

describe("Local issuer in a browser", () => {
  let browser: Browser;
  let page: Page;
  let ui: Server;
  let test: TestIssuer;
  let client: SignInClient;
  const blocked: string[] = [];

  before(async () => {
    ui = createServer((_, response) => {
      response.setHeader("content-type", "text/html");
      response.end('<!doctype html><link rel="icon" href="data:,"><title>Web UI</title>');
    });
    const port = await listen(ui, { port: 0, purpose: "a web UI" });
    const redirectUri = `http://app.localhost:${port}/`;
    test = await startLocalIssuer({ redirectUris: () => [redirectUri] });
    client = { ...test.client, redirectUri };
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await test?.close();
    await closeServer(ui);
  });
  beforeEach(async () => {
    page = await browser.newPage();
    page.on("console", (message) => message.type() === "error" && blocked.push(message.text()));
  });
  afterEach(async () => {
    await page.close();
    assert.deepEqual(blocked.splice(0), []);
  });

  /** Signs in as the user with a display name, and returns the tokens. */
  async function signIn(name: string, parameters?: Record<string, string>): Promise<Tokens> {
    const { url, verifier } = await authorizationRequest(client, { parameters });
    await page.goto(url.href);
    await page.getByRole("button", { name }).click();
    await page.waitForURL(`${client.redirectUri}?code=**`);
    const code = new URL(page.url()).searchParams.get("code") ?? "";
    return tokensOf(await redeem(client, code, verifier));
  }

  async function openSignOut(idToken: string): Promise<void> {
    const parameters = { id_token_hint: idToken, post_logout_redirect_uri: client.redirectUri, state: "out" };
    const { end_session_endpoint } = await endpointsOf(test.issuer.url);
    // The script of the page may leave it before it has loaded.
    await page.goto(`${end_session_endpoint}?${new URLSearchParams(parameters)}`, { waitUntil: "commit" });
    await page.waitForURL(`${client.redirectUri}?state=out`);
  }

  it("has an accessible sign-in form", async () => {
    const { url } = await authorizationRequest(client);
    await page.goto(url.href);
    assert.deepEqual(await axeViolations(page), []);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${client.redirectUri}?code=**`);
  });

  it("returns to the web UI, asks once, lets another user sign in, and signs out without a question", async () => {
    await signIn("Vic Viewer");
    await page.goto((await authorizationRequest(client)).url.href);
    assert.ok(page.url().startsWith(`${client.redirectUri}?code=`), page.url());
    const { id_token, refresh_token } = await signIn("Ada Agent", { prompt: "login" });
    await openSignOut(id_token);
    assert.equal((await refresh(client, refresh_token)).status, 400);
    await page.goto((await authorizationRequest(client)).url.href);
    assert.equal(await page.getByRole("heading").textContent(), "Sign in");
    await openSignOut(id_token);
  });

  it("lets the script of the web UI refresh tokens and read the name of the user", async () => {
    const tokens = await signIn("Ada Agent");
    const { token_endpoint, userinfo_endpoint } = await endpointsOf(test.issuer.url);
    const form = {
      ...{ grant_type: "refresh_token", refresh_token: tokens.refresh_token, client_id: client.clientId },
    };
    const script = `(async () => {
      const body = new URLSearchParams(${JSON.stringify(form)});
      const { access_token } = await (await fetch("${token_endpoint}", { method: "POST", body })).json();
      const headers = { authorization: "Bearer " + access_token };
      return (await (await fetch("${userinfo_endpoint}", { headers })).json()).name;
    })()`;
    assert.equal(await page.evaluate(script), "Ada Agent");
  });
});
