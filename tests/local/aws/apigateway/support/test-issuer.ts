import { createServer } from "node:http";
import {
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JSONWebKeySet,
  type JWTPayload,
} from "jose";
import { closeServer, listen } from "../../../../../local/aws/listen";

/** Audience of the tokens of {@link TestIssuer}. */
export const AUDIENCE = "tickets-api";

/** Claims and header of a token that differ from a valid one; undefined leaves one out. */
interface TokenChanges {
  readonly claims?: JWTPayload;
  /** Undefined leaves out `kid`. */
  readonly kid?: string | undefined;
  /** Another key than the published one. */
  readonly signedWith?: CryptoKey;
}

/** An issuer of tokens on 127.0.0.1, with its keys and its configuration. */
export interface TestIssuer {
  readonly url: string;
  /** Number of times that its keys were read. */
  reads(): number;
  /** Signs a token for {@link AUDIENCE} that is valid for five minutes, with changes. */
  token(changes?: TokenChanges): Promise<string>;
  /** Publishes a new key beside the old one, or in its place, and signs with it. */
  rotate(options: { readonly keepsOld: boolean }): Promise<void>;
  /** Document at `/.well-known/openid-configuration`; undefined for 404. */
  configuration: object | undefined;
  close(): Promise<void>;
}

/** Starts an issuer, which the test must close. @param now milliseconds since 1970. */
export async function startIssuer(now: () => number = Date.now): Promise<TestIssuer> {
  let rotations = 0;
  let reads = 0;
  let current = await newKey(0);
  let published = [current.jwk];
  const server = createServer((request, response) => {
    const documents: Record<string, object | undefined> = {
      "/.well-known/openid-configuration": issuer.configuration,
      "/keys": { keys: published } satisfies JSONWebKeySet,
    };
    const found = documents[request.url ?? ""];
    if (request.url === "/keys") reads += 1;
    response.writeHead(found ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(found ?? {}));
  });
  const url = `http://127.0.0.1:${await listen(server, { port: 0, purpose: "a test issuer" })}`;
  const issuer: TestIssuer = {
    url,
    reads: () => reads,
    configuration: { issuer: url, jwks_uri: `${url}/keys` },
    async token(changes = {}) {
      const seconds = Math.floor(now() / 1000);
      const claims = { iss: url, aud: AUDIENCE, sub: "alice", iat: seconds, exp: seconds + 300 };
      const kid = "kid" in changes ? changes.kid : current.jwk.kid;
      return new SignJWT({ ...claims, ...changes.claims })
        .setProtectedHeader({ alg: "RS256", kid })
        .sign(changes.signedWith ?? current.privateKey);
    },
    async rotate({ keepsOld }) {
      const next = await newKey((rotations += 1));
      published = keepsOld ? [...published, next.jwk] : [next.jwk];
      current = next;
    },
    close: () => closeServer(server),
  };
  return issuer;
}

/** A key pair with its public part as the issuer publishes it. */
async function newKey(index: number) {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  return {
    privateKey,
    jwk: { ...(await exportJWK(publicKey)), kid: `key-${index}`, alg: "RS256", use: "sig" },
  };
}
