import { decodeProtectedHeader, jwtVerify, type JWTPayload } from "jose";
import type { Authorizer } from "./model";
import type { SigningKeys } from "./signing-keys";

/** What a valid token says, in the form of the event of payload format 2.0. */
export interface TokenAuthorization {
  readonly jwt: {
    /** Values as text: see {@link claimText}. */
    readonly claims: Readonly<Record<string, string>>;
    /** Scopes of the token; null if it has no claim with scopes. */
    readonly scopes: readonly string[] | null;
  };
}

/** Why a request is not authorized. */
export interface TokenRejection {
  readonly status: 401 | 403;
  /** Value of the response header `www-authenticate`. */
  readonly challenge: string;
  /** For the access log. */
  readonly reason: string;
}

/** "Currently, only RSA-based algorithms are supported." */
const ALGORITHMS = ["RS256", "RS384", "RS512"];

/**
 * Verifies the token of a request as a JWT authorizer does: signature, `kid`, `iss`, `aud` or `client_id`, `exp`, `nbf`, `iat`, and
 * `scope` or `scp`.
 * See "Control access to HTTP APIs with JWT authorizers",
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 * @param header value of the header that is the identity source; undefined without one.
 * @param scopes of which the token must have at least one; if there are none, every valid token will do.
 * @param now milliseconds since 1970.
 */
export async function verifyToken(
  { issuer, audiences }: Authorizer,
  scopes: readonly string[],
  header: string | undefined,
  keys: SigningKeys,
  now: number,
): Promise<TokenAuthorization | TokenRejection> {
  // "The identitySource can include only the token, or the token prefixed with Bearer."
  const token = header?.replace(/^bearer(\s+|$)/i, "");
  if (!token) return { status: 401, challenge: "Bearer", reason: "The request has no token." };
  try {
    const getKey = await keys.of(issuer);
    if (decodeProtectedHeader(token).kid === undefined) throw new InvalidToken("the token has no key id");
    const currentDate = new Date(now);
    const { payload } = await jwtVerify(token, getKey, { algorithms: ALGORITHMS, currentDate });
    checkClaims(payload, issuer, audiences, now);
    return authorizationOf(payload, scopes);
  } catch (error) {
    return rejectionOf(error, scopes);
  }
}

/** A fault of a token that `jose` does not look for. */
class InvalidToken extends Error {}

function checkClaims(payload: JWTPayload, issuer: string, audiences: readonly string[], now: number): void {
  if (payload.iss !== issuer) throw new InvalidToken("the token does not have a valid issuer");
  // "API Gateway validates client_id only if aud is not present."
  const intended = [payload.aud === undefined ? payload.client_id : payload.aud].flat();
  if (!intended.some((one) => typeof one === "string" && audiences.includes(one)))
    throw new InvalidToken("the token does not have a valid audience");
  if (payload.exp === undefined) throw new InvalidToken("the token does not expire");
  // "iat – Must be before the current time in UTC."
  if (payload.iat !== undefined && payload.iat * 1000 > now)
    throw new InvalidToken("the token was issued in the future");
}

function authorizationOf(
  payload: JWTPayload,
  required: readonly string[],
): TokenAuthorization | TokenRejection {
  const scopes = scopesOf(payload);
  if (required.length > 0 && !required.some((scope) => scopes?.includes(scope)))
    return {
      status: 403,
      challenge: challengeOf(required, "insufficient_scope", "the token has none of these scopes"),
      reason: `The token has none of the scopes ${required.join(", ")}.`,
    };
  const claims = Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, claimText(value)]));
  return { jwt: { claims, scopes } };
}

/** Returns the scopes of a token: of `scope` or `scp`, a text with spaces or a list. */
function scopesOf({ scope, scp }: JWTPayload): string[] | null {
  const claim = scope ?? scp;
  if (Array.isArray(claim)) return claim.filter((one) => typeof one === "string");
  return typeof claim === "string" ? claim.split(" ").filter(Boolean) : null;
}

/**
 * Returns the value of a claim as text. A list becomes `[one two]`, an object `map[name:value]`. Not documented; observed:
 * https://github.com/floci-io/floci/pull/2011
 */
function claimText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(claimText).join(" ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const fields = Object.entries(value).map(([name, field]) => `${name}:${claimText(field)}`);
  return `map[${fields.sort().join(" ")}]`;
}

function rejectionOf(error: unknown, scopes: readonly string[]): TokenRejection {
  // AWS does not document what it responds while it cannot read the keys of the issuer.
  const reason = (error as Error).message;
  // Of the descriptions only the one of the audience is documented; a text in quotation marks has no others, and a header only printable characters.
  return {
    status: 401,
    challenge: challengeOf(scopes, "invalid_token", reason.replaceAll(/[^ -~]|["\\]/g, "'")),
    reason,
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html and RFC 6750, section 3. */
function challengeOf(scopes: readonly string[], error: string, description: string): string {
  return `Bearer scope="${scopes.join(" ")}" error="${error}" error_description="${description}"`;
}
