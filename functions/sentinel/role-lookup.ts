import type * as dns from "node:dns";

/** Roles of the regions, read from Route 53's data plane; undefined if it did not respond. */
export interface Roles {
  /** Alias of the primary. */
  readonly primary?: string;
  /** Alias of the region that the API's name resolves to. */
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

/** Timeout of a lookup, in milliseconds. A longer wait would delay the next probe. */
const LOOKUP_MS = 2000;

/**
 * Looks up the alias of the primary with the system resolver; undefined if it did not respond.
 * @param limitMs time limit in milliseconds.
 */
export function lookUpPrimary(domain: string, limitMs: number): Promise<string | undefined> {
  return textOf(primaryHostName(domain), limitMs);
}

/** Looks up both roles with the system resolver. */
export async function lookUpRoles(domain: string): Promise<Roles> {
  const [primary, serving] = await Promise.all([
    textOf(primaryHostName(domain), LOOKUP_MS),
    textOf(servingHostName(domain), LOOKUP_MS),
  ]);
  return { primary, serving };
}

/** Returns the text of a name; undefined if there is none, or no resolver responds in time. */
async function textOf(name: string, limitMs: number): Promise<string | undefined> {
  // Inside a function: an import would be serialized into the archive.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { promises } = require("node:dns") as typeof dns;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), limitMs);
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
