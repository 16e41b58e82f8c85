import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { decodeProtectedHeader } from "jose";
import { closeServer, listen, PortInUseError } from "../../../local/aws/listen";
import { CookieBrowser } from "../../../testing/cookie-browser";
import { authorize, endpointsOf, machineTokens, refresh, signIn, tokensOf } from "../../../testing/sign-in";
import { startLocalIssuer, type TestIssuer } from "./support/test-issuer";

describe("Local issuer", () => {
  let test: TestIssuer;
  beforeEach(async () => (test = await startLocalIssuer()));
  afterEach(() => test.close());

  async function publishedKeys(): Promise<Record<string, string>[]> {
    const { jwks_uri } = await endpointsOf(test.issuer.url);
    return ((await (await fetch(jwks_uri)).json()) as { keys: Record<string, string>[] }).keys;
  }

  async function signingKey(): Promise<string | undefined> {
    return decodeProtectedHeader((await machineTokens(test.issuer)).access_token).kid;
  }

  it("publishes its configuration, with all endpoints on its own address", async () => {
    const { url } = test.issuer;
    const response = await fetch(`${url}/.well-known/openid-configuration`);
    const configuration = (await response.json()) as Record<string, unknown>;
    assert.equal(configuration.issuer, url);
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    for (const name of ["authorization", "token", "userinfo", "revocation", "end_session"])
      assert.ok(String(configuration[`${name}_endpoint`]).startsWith(`${url}/`), name);
    assert.deepEqual(configuration.code_challenge_methods_supported, ["S256"]);
    assert.deepEqual(configuration.response_types_supported, ["code"]);
    assert.deepEqual(configuration.id_token_signing_alg_values_supported, ["RS256"]);
  });

  it("publishes RSA keys without their private part, the one that signs first", async () => {
    const keys = await publishedKeys();
    assert.equal(keys.length, 2);
    for (const key of keys) assert.deepEqual(Object.keys(key).sort(), ["alg", "e", "kid", "kty", "n", "use"]);
    assert.equal(keys[0].kid, await signingKey());
  });

  it("signs with the key that it announced after a rotation, and still publishes the old one", async () => {
    const [current, next] = await publishedKeys();
    await test.issuer.rotateKeys();
    const keys = await publishedKeys();
    assert.deepEqual([keys[0], keys[2]], [next, current]);
    assert.equal(keys.length, 3);
    assert.equal(await signingKey(), next.kid);
  });

  it("withdraws old keys and signs with an unannounced key when asked", async () => {
    const before = await publishedKeys();
    await test.issuer.rotateKeys({ announced: false, withdrawOld: true });
    const after = await publishedKeys();
    const known = before.map(({ kid }) => kid);
    assert.ok(!after.some(({ kid }) => known.includes(kid)));
    assert.equal(await signingKey(), after[0].kid);
  });

  it("keeps the keys of all rotations at the same time", async () => {
    const [first] = await publishedKeys();
    await Promise.all([test.issuer.rotateKeys(), test.issuer.rotateKeys({ announced: false })]);
    const keys = await publishedKeys();
    assert.equal(keys.length, 4);
    assert.equal(new Set(keys.map(({ kid }) => kid)).size, 4);
    assert.equal(keys[3].kid, first.kid);
  });

  it("refuses connections during an outage, and keeps sessions, refresh tokens and keys", async () => {
    const { issuer, client } = test;
    const browser = new CookieBrowser();
    const tokens = await signIn(client, "agent", { browser });
    const keys = await publishedKeys();
    const idle = connect(Number(new URL(issuer.url).port), "127.0.0.1");
    await once(idle, "connect");
    const closed = once(idle, "close");
    await issuer.stop();
    await closed;
    assert.equal(issuer.isRunning, false);
    await assert.rejects(fetch(`${issuer.url}/jwks`), (error: Error) => {
      assert.equal((error.cause as NodeJS.ErrnoException).code, "ECONNREFUSED");
      return true;
    });
    await issuer.resume();
    await issuer.resume();
    assert.equal(issuer.isRunning, true);
    assert.deepEqual(await publishedKeys(), keys);
    await tokensOf(await refresh(client, tokens.refresh_token));
    const { callback } = await authorize(client, { browser });
    assert.ok(callback.searchParams.has("code"));
  });

  it("rotates keys after a rotation that failed", async () => {
    let failures = 0;
    const other = await startLocalIssuer({
      log: () => {
        if (failures++ === 0) throw new Error("The log is closed.");
      },
    });
    try {
      await assert.rejects(other.issuer.rotateKeys(), /The log is closed/);
      await other.issuer.rotateKeys();
    } finally {
      await other.close();
    }
  });

  it("keeps sessions and refresh tokens when its keys are rotated during an outage", async () => {
    const { issuer, client } = test;
    const tokens = await signIn(client, "agent");
    await issuer.stop();
    await issuer.rotateKeys();
    await issuer.resume();
    const renewed = await tokensOf(await refresh(client, tokens.refresh_token));
    const kid = (token: string) => decodeProtectedHeader(token).kid;
    assert.notEqual(kid(renewed.access_token), kid(tokens.access_token));
  });

  it("reports that another program took its port during an outage", async () => {
    const { issuer } = test;
    await issuer.stop();
    const other = createServer();
    await listen(other, { port: Number(new URL(issuer.url).port), purpose: "another program" });
    await assert.rejects(issuer.resume(), PortInUseError);
    await closeServer(other);
    await issuer.resume();
  });

  it("reports a port that is in use at the start", async () => {
    const port = Number(new URL(test.issuer.url).port);
    await assert.rejects(startLocalIssuer({ port }), /needed for the local issuer, is in use/);
  });

  it("rejects names of other hosts", async () => {
    const { port } = new URL(test.issuer.url);
    const socket = connect(Number(port), "127.0.0.1");
    socket.end(`GET /jwks HTTP/1.1\r\nhost: evil.example:${port}\r\nconnection: close\r\n\r\n`);
    const chunks: Buffer[] = await socket.toArray();
    assert.match(Buffer.concat(chunks).toString(), /^HTTP\/1\.1 403 /);
  });

  it("writes neither secrets nor tokens to the log", async () => {
    const { issuer, client, logged } = test;
    const tokens = await signIn(client, "agent");
    const renewed = await tokensOf(await refresh(client, tokens.refresh_token));
    await refresh(client, tokens.refresh_token);
    await machineTokens(issuer);
    const wrong = { clientId: issuer.machineClient.clientId, clientSecret: "wrong-secret" };
    await assert.rejects(machineTokens({ url: issuer.url, machineClient: wrong }), /401/);
    await issuer.rotateKeys();
    assert.equal(logged.length, 4, logged.join("\n"));
    const text = logged.join("\n");
    const secrets = [tokens, renewed].flatMap((one) => [one.access_token, one.id_token, one.refresh_token]);
    for (const secret of [...secrets, issuer.machineClient.clientSecret, "wrong-secret"])
      assert.ok(!text.includes(secret), text);
  });

  for (const [setting, value, message] of [
    ["audience", "two words", /audience of the local issuer is "two words"/],
    ["clientId", "", /clientId of the local issuer is ""/],
    ["accessTokenSeconds", 0.5, /accessTokenSeconds of the local issuer is 0.5\. Give a whole number/],
    ["scopes", { read: "a b", write: "w", delete: "d" }, /scopes\.read of the local issuer is "a b"/],
  ] as const)
    it(`does not start with the ${setting} ${JSON.stringify(value)}`, () =>
      assert.rejects(startLocalIssuer({ [setting]: value }), message));
});
