import { randomBytes } from "node:crypto";

/** Caller of an AWS API. */
export interface Principal {
  readonly roleArn: string;
  /** AWS code of the caller's region. */
  readonly region: string;
  /** Name of the function that acts in the role. */
  readonly name: string;
}

/** Temporary credentials in the format of the AWS SDKs. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Issued credentials. There is one set per principal, so that their number is bounded. */
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
