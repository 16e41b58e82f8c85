import { createHash, randomBytes } from "node:crypto";
import { CookieBrowser } from "./cookie-browser";

/** Scopes that the web UI asks for. */
const UI_SCOPE = "openid offline_access tickets:read tickets:write tickets:delete";

/** A web UI, as the local issuer knows it. */
export interface SignInClient {
  /** URL of the issuer. */
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUri: string;
}

/** Successful response of the token endpoint. */
export interface Tokens {
  readonly access_token: string;
  readonly expires_in: number;
  /** Only for users. */
  readonly refresh_token: string;
  /** Only for users. */
  readonly id_token: string;
  readonly scope?: string;
}

/** Addresses in the configuration of an issuer: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata */
interface Endpoints {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly userinfo_endpoint: string;
  readonly revocation_endpoint: string;
  readonly end_session_endpoint: string;
  readonly jwks_uri: string;
}

/** Signs a user in without a browser, and returns the tokens. @throws Error with the response of the issuer. */
export async function signIn(
  client: SignInClient,
  user: "agent" | "viewer",
  options: { readonly scope?: string; readonly browser?: CookieBrowser } = {},
): Promise<Tokens> {
  const { callback, verifier } = await authorize(client, { ...options, user });
  const code = callback.searchParams.get("code");
  if (code === null) throw new Error(`The sign-in returned ${callback.search}.`);
  return tokensOf(await redeem(client, code, verifier));
}

/** Returns tokens of the machine client. @throws Error with the response of the issuer. */
export async function machineTokens(
  issuer: { readonly url: string; readonly machineClient: { clientId: string; clientSecret: string } },
  scope = "tickets:read tickets:write tickets:delete",
): Promise<Tokens> {
  const { clientId, clientSecret } = issuer.machineClient;
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
  const form = { grant_type: "client_credentials", scope };
  return tokensOf(await requestTokens(issuer.url, form, { authorization }));
}

/**
 * Sends an authorization request, chooses the user if the issuer asks for one, and returns the address to which it returns.
 * @param parameters of the request that differ; undefined leaves one out.
 */
export async function authorize(
  client: SignInClient,
  options: {
    readonly user?: "agent" | "viewer";
    readonly scope?: string;
    readonly browser?: CookieBrowser;
    readonly parameters?: Readonly<Record<string, string | undefined>>;
  },
): Promise<{ readonly callback: URL; readonly verifier: string }> {
  const { browser = new CookieBrowser() } = options;
  const { url, verifier } = await authorizationRequest(client, options);
  return { callback: await follow(browser, url, client, options), verifier };
}

/**
 * Returns the URL of an authorization request with PKCE, and the verifier of its code.
 * @param options scopes and parameters that differ from those of the web UI; undefined leaves a parameter out.
 */
export async function authorizationRequest(
  client: SignInClient,
  options: {
    readonly scope?: string;
    readonly parameters?: Readonly<Record<string, string | undefined>>;
  } = {},
): Promise<{ readonly url: URL; readonly verifier: string }> {
  const verifier = randomBytes(32).toString("base64url");
  const parameters = {
    ...{ client_id: client.clientId, redirect_uri: client.redirectUri, response_type: "code" },
    scope: options.scope ?? UI_SCOPE,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    ...{ code_challenge_method: "S256", state: randomBytes(8).toString("hex"), ...options.parameters },
  };
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const { authorization_endpoint: endpoint } = await endpointsOf(client.issuer);
  return { url: new URL(`${endpoint}?${new URLSearchParams(given)}`), verifier };
}

/** Follows redirects until the issuer returns to the web UI. */
async function follow(
  browser: CookieBrowser,
  start: URL,
  { redirectUri }: SignInClient,
  { user }: { readonly user?: string },
): Promise<URL> {
  let url = start;
  let form: Record<string, string> | undefined;
  // A sign-in has fewer steps, unless the issuer redirects in circles.
  for (let step = 0; step < 10; step += 1) {
    const response = await browser.open(url, form);
    const location = response.headers.get("location");
    const html = await response.text();
    if (location !== null) {
      url = new URL(location, url);
      form = undefined;
      if (url.href.startsWith(redirectUri)) return url;
    } else if (response.ok && user !== undefined) {
      ({ url, form } = filledForm(html, url, user));
    } else throw new Error(`${url.pathname} responds with ${response.status}: ${textOf(html)}`);
  }
  throw new Error(`The issuer does not return to ${redirectUri}.`);
}

/** Returns the form of a page: the one that asks for a user, or one that only waits to be sent. */
function filledForm(html: string, page: URL, user: string): { url: URL; form: Record<string, string> } {
  const [, action] = /<form [^>]*action="([^"]+)"/.exec(html) ?? [];
  if (action === undefined) throw new Error(`${page.pathname} has no form: ${textOf(html)}`);
  const hidden = [...html.matchAll(/<input type="hidden"[^>]* name="([^"]+)" value="([^"]*)"/g)];
  const form = Object.fromEntries(hidden.map(([, name, value]) => [name, value]));
  return { url: new URL(action, page), form: html.includes('name="user"') ? { ...form, user } : form };
}

function textOf(html: string): string {
  return html
    .replace(/<head>.*<\/head>/s, "")
    .replaceAll(/<[^>]*>|\s+/g, " ")
    .trim();
}

/** Exchanges an authorization code for tokens. */
export function redeem(client: SignInClient, code: string, verifier: string): Promise<Response> {
  const { clientId: client_id, redirectUri: redirect_uri } = client;
  const form = { grant_type: "authorization_code", code, code_verifier: verifier, client_id, redirect_uri };
  return requestTokens(client.issuer, form);
}

/** Exchanges a refresh token for new tokens. */
export function refresh({ issuer, clientId }: SignInClient, refreshToken: string): Promise<Response> {
  const form = { grant_type: "refresh_token", refresh_token: refreshToken, client_id: clientId };
  return requestTokens(issuer, form);
}

/** Sends a form to the token endpoint. */
export async function requestTokens(
  issuer: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const { token_endpoint: endpoint } = await endpointsOf(issuer);
  return fetch(endpoint, { method: "POST", headers, body: new URLSearchParams(form) });
}

/** Returns the tokens of a response. @throws Error with the response if it has none. */
export async function tokensOf(response: Response): Promise<Tokens> {
  if (!response.ok) throw new Error(`The issuer responds with ${response.status}: ${await response.text()}`);
  return (await response.json()) as Tokens;
}

/** Reads the configuration of an issuer. */
export async function endpointsOf(issuer: string): Promise<Endpoints> {
  return (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Endpoints;
}
