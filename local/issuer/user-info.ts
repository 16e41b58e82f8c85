import type { IncomingMessage, ServerResponse } from "node:http";
import { createLocalJWKSet, jwtVerify } from "jose";
import { allowOrigin } from "./cross-origin";
import type { IssuerKeys } from "./issuer-keys";
import { userBySub, type User } from "./users";

/** Path of the userinfo endpoint. */
export const USER_INFO_PATH = "/userinfo";

/**
 * Userinfo endpoint: https://openid.net/specs/openid-connect-core-1_0.html#UserInfo. That of `oidc-provider` does not accept access tokens
 * for an API, which Amazon Cognito and others do.
 */
export async function sendUserInfo(
  request: IncomingMessage,
  response: ServerResponse,
  {
    issuer,
    audience,
    keys,
  }: { readonly issuer: string; readonly audience: string; readonly keys: IssuerKeys },
): Promise<void> {
  request.resume();
  if (allowOrigin(request, response)) return;
  const [, token] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
  const user = token === undefined ? undefined : await userOf(token, issuer, audience, keys);
  response.setHeader("cache-control", "no-store");
  if (user) {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ sub: user.sub, name: user.name }));
    return;
  }
  const error = token === undefined ? "" : ' error="invalid_token"';
  response.writeHead(401, { "www-authenticate": `Bearer${error}`, "content-type": "application/json" });
  response.end(
    JSON.stringify({
      error: "invalid_token",
      error_description: "Send an access token of a user, with the scope openid.",
    }),
  );
}

async function userOf(
  token: string,
  issuer: string,
  audience: string,
  keys: IssuerKeys,
): Promise<User | undefined> {
  const getKey = createLocalJWKSet({ keys: keys.published });
  const options = { issuer, audience, algorithms: ["RS256"], typ: "at+jwt" };
  const verified = await jwtVerify(token, getKey, options).catch(() => undefined);
  const scopes = String(verified?.payload.scope ?? "").split(" ");
  return scopes.includes("openid") ? userBySub(verified?.payload.sub) : undefined;
}
