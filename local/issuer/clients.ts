import { randomBytes } from "node:crypto";
import type { AdapterPayload } from "oidc-provider";
import type { IssuerSettings } from "./settings";

/** Id of the client for commands. */
const MACHINE_CLIENT_ID = "local-machine";

/** Credentials of the client for commands. */
export interface MachineClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Returns credentials with a new secret. */
export function newMachineClient(): MachineClient {
  return { clientId: MACHINE_CLIENT_ID, clientSecret: randomBytes(32).toString("base64url") };
}

/**
 * Returns the metadata of a client; undefined for an unknown one and for that of the web UIs while no address of theirs is known.
 * https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata
 */
export function clientMetadata(
  id: string,
  { clientId, redirectUris }: IssuerSettings,
  machine: MachineClient,
): AdapterPayload | undefined {
  if (id === machine.clientId)
    return {
      client_id: id,
      client_secret: machine.clientSecret,
      grant_types: ["client_credentials"],
      response_types: [],
      redirect_uris: [],
    };
  const uris = [...new Set(redirectUris())];
  if (id !== clientId || uris.length === 0) return undefined;
  return {
    client_id: id,
    token_endpoint_auth_method: "none",
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    redirect_uris: uris,
    post_logout_redirect_uris: uris,
  };
}

/** Returns the origins of the web UIs. @throws Error that names an address that is not a URL. */
export function webUiOrigins({ redirectUris }: IssuerSettings): string[] {
  return [...new Set(redirectUris().map(originOf))];
}

function originOf(uri: string): string {
  if (URL.canParse(uri)) return new URL(uri).origin;
  throw new Error(
    `redirectUris of the local issuer has ${JSON.stringify(uri)}. Give URLs such as http://localhost:4000/.`,
  );
}
