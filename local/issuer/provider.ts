import type { EventEmitter } from "node:events";
import type { Configuration, KoaContextWithOIDC, Provider } from "oidc-provider";
import { clientMetadata, webUiOrigins, type MachineClient } from "./clients";
import type { IssuerKeys } from "./issuer-keys";
import type { OidcModule } from "./load-provider";
import type { MemoryAdapter } from "./memory-adapter";
import { messagePage, signOutPage } from "./pages";
import type { IssuerSettings } from "./settings";
import { signInPath } from "./sign-in";
import { USER_INFO_PATH } from "./user-info";
import { scopesOf, userBySub } from "./users";

/** What remains when the keys of an issuer change, which needs a new provider. */
export interface IssuerState {
  readonly url: string;
  readonly settings: IssuerSettings;
  readonly machine: MachineClient;
  /** Key that signs cookies. */
  readonly cookieKey: string;
  /** Returns the entries of a kind, such as `Session`. */
  readonly entries: (kind: string) => MemoryAdapter;
}

/** Creates an OpenID provider for the web UIs and commands of the local cloud. */
export function createProvider(oidc: OidcModule, state: IssuerState, keys: IssuerKeys): Provider {
  const provider = new oidc.Provider(state.url, configurationOf(oidc, state, keys));
  const { log } = state.settings;
  const logRejection = (_: unknown, error: OidcError): void =>
    log("issuer", `Rejected: ${error.error_detail ?? error.error_description ?? error.message}.`);
  provider.on("authorization.error", logRejection);
  provider.on("grant.error", logRejection);
  provider.on("end_session.error", logRejection);
  provider.on("server_error", (_, error) => log("issuer", `Failed: ${error.message}`));
  provider.on("end_session.success", ({ oidc: { session } }) => {
    for (const { grantId } of Object.values(session?.authorizations ?? {})) endGrant(state, grantId);
  });
  // Koa writes errors to the terminal if nothing else listens.
  (provider as EventEmitter).on("error", (error: Error) => log("issuer", `Failed: ${error.message}`));
  return provider;
}

/** Ends the refresh tokens of a sign-in. At a sign-out, `oidc-provider` keeps those that outlive the session. */
function endGrant({ entries }: IssuerState, grantId: string | undefined): void {
  if (grantId === undefined) return;
  for (const kind of ["RefreshToken", "AuthorizationCode"]) void entries(kind).revokeByGrantId(grantId);
  void entries("Grant").destroy(grantId);
}

/** Fields of the errors of `oidc-provider`. `error_detail` says more and is not sent to clients. */
interface OidcError extends Error {
  readonly error_description?: string;
  readonly error_detail?: string;
}

function configurationOf(oidc: OidcModule, state: IssuerState, keys: IssuerKeys): Configuration {
  const { settings, url } = state;
  const { accessTokenSeconds, refreshTokenSeconds, sessionSeconds } = settings;
  const policy = oidc.interactionPolicy.base();
  // The project's own web UI needs no consent: the rights of the user decide.
  policy.remove("consent");
  return {
    adapter: (kind) => (kind === "Client" ? clientEntries(state) : state.entries(kind)),
    jwks: { keys: keys.all },
    claims: { openid: ["sub", "name"] },
    clientAuthMethods: ["none", "client_secret_basic", "client_secret_post"],
    clientBasedCORS: (_, origin) => webUiOrigins(settings).includes(origin),
    clockTolerance: 0,
    allowOmittingSingleRegisteredRedirectUri: false,
    // Servers on other ports of 127.0.0.1 get the cookies too, so another local cloud needs other names.
    cookies: { keys: [state.cookieKey], names: cookieNames(new URL(url).port) },
    discovery: { userinfo_endpoint: url + USER_INFO_PATH },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      revocation: { enabled: true, allowedPolicy: (_, client, token) => client.clientId === token.clientId },
      resourceIndicators: resourceServer(oidc, state),
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => sendHtml(ctx, signOutPage(form, isConfirmed(ctx))),
        postLogoutSuccessSource: (ctx) =>
          sendHtml(ctx, messagePage("Signed out", "You are signed out of the local cloud.")),
      },
      userinfo: { enabled: false },
    },
    findAccount: (_, sub) => {
      const user = userBySub(sub);
      return user && { accountId: sub, claims: () => ({ sub, name: user.name }) };
    },
    interactions: { policy, url: (_, { uid }) => signInPath(uid) },
    // Without a consent page, `oidc-provider` drops the scope offline_access; the web UI needs a refresh token in any case.
    issueRefreshToken: (_, client) => client.grantTypeAllowed("refresh_token"),
    expiresWithSession: () => false,
    rotateRefreshToken: true,
    loadExistingGrant: (ctx) => loadGrant(ctx, state),
    renderError: (ctx, { error, error_description }) =>
      sendHtml(ctx, messagePage("The local issuer rejected the request", `${error_description ?? error}.`)),
    responseTypes: ["code"],
    routes: { authorization: "/authorize", end_session: "/sign-out", jwks: "/jwks", token: "/token" },
    scopes: ["openid", "offline_access"],
    ttl: {
      AccessToken: accessTokenSeconds,
      AuthorizationCode: 60,
      ClientCredentials: accessTokenSeconds,
      // Longer than the last refresh token of the session.
      Grant: sessionSeconds + refreshTokenSeconds,
      IdToken: accessTokenSeconds,
      Interaction: 60 * 60,
      // As in Amazon Cognito, a new refresh token is valid for the remaining time of the original one.
      RefreshToken: (ctx) => ctx.oidc.entities.RotatedRefreshToken?.remainingTTL ?? refreshTokenSeconds,
      Session: (_, { loginTs }) =>
        loginTs === undefined ? sessionSeconds : Math.max(1, loginTs + sessionSeconds - seconds()),
    },
  };
}

/** The API: clients get tokens for it without asking. */
function resourceServer(
  { errors }: OidcModule,
  { settings, machine }: IssuerState,
): NonNullable<NonNullable<Configuration["features"]>["resourceIndicators"]> {
  const resource = resourceOf(settings);
  const { audience, scopes, machineRights } = settings;
  return {
    enabled: true,
    defaultResource: () => resource,
    useGrantedResource: () => true,
    getResourceServerInfo: (_, indicator, client) => {
      if (indicator !== resource) throw new errors.InvalidTarget();
      const isMachine = client.clientId === machine.clientId;
      const known = isMachine ? scopesOf(machineRights, scopes) : ["openid", ...Object.values(scopes)];
      const jwt = { sign: { alg: "RS256" as const } };
      return { audience, scope: known.join(" "), accessTokenFormat: "jwt", jwt };
    },
  };
}

/** Returns the identifier of the API, which must be a URI: https://www.rfc-editor.org/rfc/rfc8707#section-2 */
function resourceOf({ audience }: IssuerSettings): string {
  return URL.canParse(audience) ? audience : `urn:${audience}`;
}

/** Returns the grant of the session for its client, or a new one with the rights of the user, whatever the client asks for. */
async function loadGrant({ oidc }: KoaContextWithOIDC, { settings }: IssuerState) {
  const { client, session, provider, account } = oidc;
  const user = userBySub(account?.accountId);
  if (!client || !session || !user) return undefined;
  const id = session.grantIdFor(client.clientId);
  const existing = id === undefined ? undefined : await provider.Grant.find(id);
  if (existing?.accountId === user.sub) return existing;
  const grant = new provider.Grant({ accountId: user.sub, clientId: client.clientId });
  grant.addOIDCScope("openid offline_access");
  const scopes = ["openid", ...scopesOf(user.rights, settings.scopes)];
  grant.addResourceScope(resourceOf(settings), scopes.join(" "));
  await grant.save();
  return grant;
}

/** Whether the request to sign out comes from a client of the user, not from any link: it has the user's ID token. */
function isConfirmed({ oidc }: KoaContextWithOIDC): boolean {
  return oidc.entities.IdTokenHint?.payload.sub === oidc.session?.accountId;
}

function clientEntries({ settings, machine }: IssuerState) {
  const none = async (): Promise<undefined> => undefined;
  return {
    ...{ upsert: none, consume: none, destroy: none, revokeByGrantId: none },
    ...{ findByUid: none, findByUserCode: none },
    find: async (id: string) => clientMetadata(id, settings, machine),
  };
}

function cookieNames(port: string) {
  const named = (name: string): string => `issuer_${port}_${name}`;
  return { session: named("session"), interaction: named("interaction"), resume: named("resume") };
}

function sendHtml(ctx: KoaContextWithOIDC, html: string): void {
  ctx.type = "html";
  ctx.body = html;
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
