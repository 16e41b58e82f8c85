import { LocalIssuer } from "../../../../local/issuer/local-issuer";
import type { IssuerOptions } from "../../../../local/issuer/settings";
import type { SignInClient } from "../../../../testing/sign-in";

/** Audience of the tokens of the test issuer. */
export const AUDIENCE = "tickets-api";

/** Origin of the web UI. */
export const UI_ORIGIN = "http://app.localhost:4000";

/** A local issuer with a web UI that it knows. */
export interface TestIssuer {
  readonly issuer: LocalIssuer;
  readonly client: SignInClient;
  readonly logged: string[];
  close(): Promise<void>;
}

/** Starts an issuer on a free port, which the test must close. */
export async function startLocalIssuer(options: Partial<IssuerOptions> = {}): Promise<TestIssuer> {
  const logged: string[] = [];
  const redirectUri = `${UI_ORIGIN}/`;
  const issuer = await LocalIssuer.start({
    ...{ port: 0, audience: AUDIENCE, clientId: "web-ui", redirectUris: () => [redirectUri] },
    log: (source, line) => logged.push(`${source}: ${line}`),
    ...options,
  });
  const client = { issuer: issuer.url, clientId: "web-ui", redirectUri };
  return { issuer, client, logged, close: () => issuer.close() };
}

/** Returns a function that starts an issuer, which is closed after the test, also after one that fails. Call it in a `describe`. */
export function issuersOfEachTest(): typeof startLocalIssuer {
  const started: TestIssuer[] = [];
  afterEach(async () => {
    for (const issuer of started.splice(0)) await issuer.close();
  });
  return async (options) => {
    const issuer = await startLocalIssuer(options);
    started.push(issuer);
    return issuer;
  };
}
