import { randomBytes } from "node:crypto";

/** Who makes a call. */
export interface Principal {
  readonly roleArn: string;
  /** AWS code of the region it acts from. */
  readonly region: string;
  /** Who acts in the role: the function's name. */
  readonly name: string;
}

/** Temporary credentials, in the form that AWS SDKs take. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** The credentials that were issued; one set for each principal, so that their number stays bounded. */
export class CredentialStore {
  private readonly byPrincipal = new Map<string, Credentials>();
  private readonly principals = new Map<string, Principal>();

  issue(principal: Principal): Credentials {
    const key = JSON.stringify([principal.roleArn, principal.region, principal.name]);
    const issued = this.byPrincipal.get(key);
    if (issued) return issued;
    const credentials = {
      accessKeyId: `ASIA${randomBytes(8).toString("hex").toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString("base64"),
      sessionToken: randomBytes(48).toString("base64"),
    };
    this.byPrincipal.set(key, credentials);
    this.principals.set(credentials.accessKeyId, { ...principal });
    return credentials;
  }

  principalOf(accessKeyId: string): Principal | undefined {
    return this.principals.get(accessKeyId);
  }
}
