import { isScope } from "../../shared/oauth-scope";
import type { Log } from "../aws/log";
import { RIGHTS, type Right, type ScopeNames } from "./users";

/** Settings of the local issuer. */
export interface IssuerOptions {
  /** 0 lets the operating system choose. */
  readonly port: number;
  /** Value of the claim `aud` of access tokens. */
  readonly audience: string;
  /** Id of the public client of the web UIs. */
  readonly clientId: string;
  /**
   * Returns the addresses to which the web UIs may return after a sign-in or a sign-out. Called for every request, because they are
   * known only after the issuer has started. Scripts of their origins may call the token endpoint.
   */
  readonly redirectUris: () => readonly string[];
  /** Names of the scopes; `tickets:read`, `tickets:write` and `tickets:delete` by default. */
  readonly scopes?: ScopeNames;
  /** Rights of the machine client; all by default. */
  readonly machineRights?: readonly Right[];
  /** Life of access tokens, in seconds; one hour by default. */
  readonly accessTokenSeconds?: number;
  /** Life of a refresh token and of all that replace it, in seconds; 30 days by default. */
  readonly refreshTokenSeconds?: number;
  /** Time from a sign-in until the issuer asks again who the user is, in seconds; one hour by default. */
  readonly sessionSeconds?: number;
  readonly log: Log;
}

/** Settings with their defaults. */
export type IssuerSettings = Required<IssuerOptions>;

/** The lives are the defaults of Amazon Cognito: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-with-identity-providers.html */
const DEFAULTS = {
  scopes: { read: "tickets:read", write: "tickets:write", delete: "tickets:delete" },
  machineRights: RIGHTS,
  accessTokenSeconds: 60 * 60,
  refreshTokenSeconds: 30 * 24 * 60 * 60,
  sessionSeconds: 60 * 60,
};

/** Fills in the defaults. @throws Error that names the setting that is wrong. */
export function settingsOf(options: IssuerOptions): IssuerSettings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const settings: IssuerSettings = {
    ...DEFAULTS,
    ...(Object.fromEntries(given) as unknown as IssuerOptions),
  };
  for (const name of ["audience", "clientId"] as const)
    if (!/^[!-~]+$/.test(settings[name]))
      throw issuerError(name, settings[name], "Give text of printable ASCII characters without spaces.");
  for (const [right, scope] of Object.entries(settings.scopes))
    if (!isScope(scope))
      throw issuerError(
        `scopes.${right}`,
        scope,
        "Give a scope without spaces, quotation marks and backslashes.",
      );
  for (const name of ["accessTokenSeconds", "refreshTokenSeconds", "sessionSeconds"] as const)
    if (!Number.isInteger(settings[name]) || settings[name] < 1)
      throw issuerError(name, settings[name], "Give a whole number of seconds, at least 1.");
  return settings;
}

function issuerError(name: string, value: unknown, fix: string): Error {
  return new Error(`The setting ${name} of the local issuer is ${JSON.stringify(value)}. ${fix}`);
}
