import assert from "node:assert/strict";
import {
  generateKeyPair,
  UnsecuredJWT,
  SignJWT,
  exportSPKI,
  importJWK,
  type CryptoKey,
  type JWTPayload,
} from "jose";
import { ORIGIN, startProtectedApi, type ProtectedApi } from "./support/protected-api";
import type { TestApi, TestGateway } from "./support/test-gateway";
import { AUDIENCE, type TestIssuer } from "./support/test-issuer";

describe("JWT authorizer of API Gateway", () => {
  let test: TestGateway;
  let api: TestApi;
  let issuer: TestIssuer;
  let now: number;
  let send: ProtectedApi["send"];
  let close: ProtectedApi["close"];
  beforeEach(async () => ({ test, api, issuer, now, send, close } = await startProtectedApi()));
  afterEach(() => close());

  async function assertUnauthorized(token: string, description: RegExp): Promise<void> {
    const response = await send(token);
    assert.equal(response.status, 401);
    assert.deepEqual(await response.json(), { message: "Unauthorized" });
    const challenge = response.headers.get("www-authenticate") ?? "";
    assert.match(challenge, /^Bearer scope="" error="invalid_token" error_description="[^"]+"$/);
    assert.match(challenge, description);
    assert.deepEqual(test.events, [], "The function was invoked.");
  }

  it("lets a valid token through, with and without Bearer, and passes its claims as text", async () => {
    const claims = {
      scope: "openid tickets:read",
      groups: ["agents", "night shift"],
      admin: true,
      address: { city: "Cork", floor: 2 },
    };
    const token = await issuer.token({ claims });
    assert.equal((await send(token)).status, 200);
    assert.equal((await fetch(`${api.url}/me`, { headers: { authorization: token } })).status, 200);
    const seconds = Math.floor(now / 1000);
    for (const event of test.events)
      assert.deepEqual(event.requestContext.authorizer, {
        jwt: {
          claims: {
            iss: issuer.url,
            aud: AUDIENCE,
            sub: "alice",
            iat: String(seconds),
            exp: String(seconds + 300),
            scope: "openid tickets:read",
            groups: "[agents night shift]",
            admin: "true",
            address: "map[city:Cork floor:2]",
          },
          scopes: ["openid", "tickets:read"],
        },
      });
  });

  it("passes null as the scopes of a token without a claim for them, and nothing on a public route", async () => {
    await send(await issuer.token());
    await send(await issuer.token(), "/public");
    const [first, second] = test.events.map(({ requestContext }) => requestContext.authorizer);
    assert.equal(first?.jwt.scopes, null);
    assert.equal(second, undefined);
  });

  it("asks for a token without an error when there is none", async () => {
    for (const response of [
      await send(undefined),
      await fetch(`${api.url}/me`, { headers: { authorization: "Bearer " } }),
    ]) {
      assert.equal(response.status, 401);
      assert.equal(response.headers.get("www-authenticate"), "Bearer");
    }
  });

  const wrong: [what: string, claims: () => JWTPayload, description: RegExp][] = [
    ["of another issuer", () => ({ iss: "https://elsewhere.example" }), /valid issuer/],
    ["of its issuer with a slash at the end", () => ({ iss: `${issuer.url}/` }), /valid issuer/],
    ["for another audience", () => ({ aud: "elsewhere" }), /the token does not have a valid audience/],
    [
      "for another audience, although its client_id is one",
      () => ({ aud: "elsewhere", client_id: AUDIENCE }),
      /audience/,
    ],
    ["without an audience", () => ({ aud: undefined }), /audience/],
    ["that has expired", () => ({ exp: Math.floor(now / 1000) - 1 }), /exp/],
    ["that never expires", () => ({ exp: undefined }), /expire/],
    ["that is not yet valid", () => ({ nbf: Math.floor(now / 1000) + 60 }), /nbf/],
    ["that was issued in the future", () => ({ iat: Math.floor(now / 1000) + 60 }), /future/],
  ];
  for (const [what, claims, description] of wrong)
    it(`rejects a token ${what}`, async () =>
      assertUnauthorized(await issuer.token({ claims: claims() }), description));

  it("accepts one of several audiences, and client_id in place of a missing aud, as in the access tokens of Cognito", async () => {
    assert.equal((await send(await issuer.token({ claims: { aud: ["x", "other-api"] } }))).status, 200);
    assert.equal(
      (await send(await issuer.token({ claims: { aud: undefined, client_id: AUDIENCE } }))).status,
      200,
    );
  });

  it("rejects what is not a token", async () => {
    for (const text of ["x", "a.b.c", "e30.e30.", "x".repeat(5000)]) await assertUnauthorized(text, /./);
  });

  it("rejects a token without a signature", async () => {
    const seconds = Math.floor(now / 1000);
    const claims = { iss: issuer.url, aud: AUDIENCE, exp: seconds + 300 };
    await assertUnauthorized(new UnsecuredJWT(claims).encode(), /key id/);
    const [, payload] = new UnsecuredJWT(claims).encode().split(".");
    const header = Buffer.from('{"alg":"none","kid":"key-0"}').toString("base64url");
    await assertUnauthorized(`${header}.${payload}.`, /./);
  });

  it("rejects a token signed with another key under the name of the published one", async () => {
    const { privateKey } = await generateKeyPair("RS256");
    await assertUnauthorized(await issuer.token({ signedWith: privateKey }), /signature/);
  });

  it("rejects a token that uses the public key as a shared secret", async () => {
    const { keys } = (await (await fetch(`${issuer.url}/keys`)).json()) as { keys: object[] };
    const publicKey = (await importJWK({ ...keys[0] }, "RS256", { extractable: true })) as CryptoKey;
    const seconds = Math.floor(now / 1000);
    const token = await new SignJWT({ iss: issuer.url, aud: AUDIENCE, exp: seconds + 300 })
      .setProtectedHeader({ alg: "HS256", kid: "key-0" })
      .sign(new TextEncoder().encode(await exportSPKI(publicKey)));
    await assertUnauthorized(token, /alg/);
  });

  it("rejects a token whose algorithm is not based on RSA", async () => {
    const { privateKey } = await generateKeyPair("ES256");
    const token = await new SignJWT({ iss: issuer.url, aud: AUDIENCE })
      .setProtectedHeader({ alg: "ES256", kid: "key-0" })
      .sign(privateKey);
    await assertUnauthorized(token, /alg/);
  });

  it("rejects a token that names no key", async () =>
    assertUnauthorized(await issuer.token({ kid: undefined }), /key id/));

  it("needs one of the scopes of the route, in scope or scp", async () => {
    for (const claims of [{ scope: "a tickets/read" }, { scp: ["tickets:read"] }, { scp: "tickets:read b" }])
      assert.equal((await send(await issuer.token({ claims }), "/tickets")).status, 200);
    for (const claims of [
      {},
      { scope: "" },
      { scope: "tickets:write" },
      { scope: "tickets" },
      { scope: ["x"] },
    ]) {
      const response = await send(await issuer.token({ claims }), "/tickets");
      assert.equal(response.status, 403);
      assert.deepEqual(await response.json(), { message: "Forbidden" });
      assert.match(
        response.headers.get("www-authenticate") ?? "",
        /^Bearer scope="tickets:read tickets\/read" error="insufficient_scope" /,
      );
    }
    assert.equal(test.events.length, 3);
  });

  it("answers 401 and 403 with CORS headers, and a preflight without a token", async () => {
    for (const response of [await send("x"), await send(await issuer.token(), "/tickets")])
      assert.equal(response.headers.get("access-control-allow-origin"), "*");
    const preflight = await fetch(`${api.url}/tickets`, {
      method: "OPTIONS",
      headers: { ...ORIGIN, "access-control-request-method": "GET" },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get("access-control-allow-headers"), "authorization");
  });

  it("logs who called, and why a token was rejected", async () => {
    await send(await issuer.token());
    await send("x");
    await send(undefined);
    await send(undefined, "/public");
    const lines = test.logged.filter(({ source }) => source === "ireland access").map(({ line }) => line);
    assert.equal(lines[0], "200 alice -");
    assert.match(lines[1], /^401 - ./);
    assert.deepEqual(lines.slice(2), ["401 - The request has no token.", "200 - -"]);
  });
});
