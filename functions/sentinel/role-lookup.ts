import type * as dns from "node:dns";

/** What Route 53 says about the roles, read from its data plane; undefined where it did not answer. */
export interface Roles {
  /** Nickname of the primary. */
  readonly primary?: string;
  /** Nickname of the region that clients are led to now. */
  readonly serving?: string;
}

/** Name whose TXT record contains the alias of the primary. */
export function primaryHostName(domain: string): string {
  return `primary.${domain}`;
}

/** Name whose TXT records fail over as the API's name does and contain the alias of the serving region. */
export function servingHostName(domain: string): string {
  return `serving.${domain}`;
}

/** A longer wait than this, in milliseconds, would hold the next probe up. */
const LOOKUP_MS = 2000;

/** Looks both up with the resolver of the machine. */
export async function lookUpRoles(domain: string): Promise<Roles> {
  const [primary, serving] = await Promise.all([
    textOf(primaryHostName(domain)),
    textOf(servingHostName(domain)),
  ]);
  return { primary, serving };
}

/** The one text under a name; undefined when there is none, or no resolver answers in time. */
async function textOf(name: string): Promise<string | undefined> {
  // Inside a function: an import would be serialised into the archive.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { promises } = require("node:dns") as typeof dns;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), LOOKUP_MS);
  });
  const lookup = promises.resolveTxt(name).then(
    ([strings]) => strings?.join(""),
    () => undefined,
  );
  try {
    return await Promise.race([lookup, limit]);
  } finally {
    clearTimeout(timer);
  }
}
