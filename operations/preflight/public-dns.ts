import { promises, type CaaRecord } from "node:dns";

/** DNS as the public sees it. */
export interface PublicDns {
  /** Name servers of a zone, sorted, without final dots; undefined if the name is not a zone. @throws Error if no resolver answers. */
  nameServers(name: string): Promise<readonly string[] | undefined>;
  /** CAA records that apply to a name; empty if every certificate authority may issue. @throws Error if no resolver answers. */
  certificateAuthorities(name: string): Promise<readonly CaaRecord[]>;
}

/** The resolvers of the system. */
export const publicDns: PublicDns = {
  async nameServers(name) {
    const found = await unlessMissing(promises.resolveNs(name));
    return found && found.map(plainName).sort();
  },
  /** The records of the closest name apply: https://www.rfc-editor.org/rfc/rfc8659#section-3 */
  async certificateAuthorities(name) {
    const labels = name.split(".");
    for (let first = 0; first < labels.length; first++) {
      const records = await unlessMissing(promises.resolveCaa(labels.slice(first).join(".")));
      if (records && records.length > 0) return records;
    }
    return [];
  },
};

/** Lower case, without a final dot. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

async function unlessMissing<T>(records: Promise<T>): Promise<T | undefined> {
  try {
    return await records;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "ENOTFOUND" || code === "ENODATA") return undefined;
    throw error;
  }
}
