import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";

/**
 * "API Gateway can cache the public key for two hours. As a best practice, when you rotate keys, allow a grace period during which both the
 * old and new keys are valid." Whether it asks earlier for a key that it does not know is not documented; here it does not.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
const KEY_CACHE_MS = 2 * 60 * 60 * 1000;

/** Longest wait for an issuer, in milliseconds. AWS does not document its own. */
const TIMEOUT_MS = 5000;

const DISCOVERY_PATH = "/.well-known/openid-configuration";

/** Keys of an issuer that were read, or are being read. */
interface CachedKeys {
  readonly getKey: Promise<JWTVerifyGetKey>;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Public keys of token issuers, by issuer. They are read once for all requests and cached; a failure is not. */
export class SigningKeys {
  private readonly cached = new Map<string, CachedKeys>();

  /** @param now milliseconds since 1970. */
  constructor(private readonly now: () => number) {}

  /**
   * Returns the function with which `jose` finds the key of a token.
   * @throws Error when the issuer does not respond, or not with its configuration and its keys.
   */
  async of(issuer: string): Promise<JWTVerifyGetKey> {
    const cached = this.cached.get(issuer);
    if (cached && cached.until > this.now()) return cached.getKey;
    const keys = { getKey: readKeys(issuer), until: this.now() + KEY_CACHE_MS };
    this.cached.set(issuer, keys);
    keys.getKey.catch(() => this.cached.delete(issuer));
    return keys.getKey;
  }
}

async function readKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const { jwks_uri: keysUrl } = await discover(issuer);
  return createLocalJWKSet((await readJson(keysUrl)) as JSONWebKeySet);
}

/**
 * Reads the configuration that an issuer publishes: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
 * @throws Error with the message of CreateAuthorizer: https://github.com/haandol/cognito-kakao-example/issues/1
 */
export async function discover(issuer: string): Promise<{ readonly jwks_uri: string }> {
  const url = issuer.replace(/\/$/, "") + DISCOVERY_PATH;
  try {
    const configuration = (await readJson(url)) as { jwks_uri?: unknown };
    if (typeof configuration.jwks_uri !== "string") throw new Error("its configuration has no jwks_uri");
    return { jwks_uri: configuration.jwks_uri };
  } catch (error) {
    throw new Error(
      `BadRequestException: Caught exception when connecting to ${url} for issuer ${issuer}. ` +
        `Please try again later. Error: Invalid issuer: ${issuer}. Issuer must have a valid discovery endpoint ended with ` +
        `'${DISCOVERY_PATH}' (${(error as Error).message})`,
      { cause: error },
    );
  }
}

async function readJson(url: string): Promise<object> {
  const request = fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "error" });
  const response = await request.catch((error: Error) => {
    throw new Error(`${url} does not respond`, { cause: error });
  });
  if (!response.ok) throw new Error(`${url} responds with ${response.status}`);
  return (await response.json()) as object;
}
