import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isPlain } from "./equality";

/** Asset or archive of Pulumi. Each kind has one of the first four properties. */
interface AssetOrArchive {
  readonly assets?: Promise<Record<string, unknown>>;
  readonly text?: Promise<string>;
  readonly path?: Promise<string>;
  readonly uri?: Promise<string>;
  /** Hash that the Pulumi engine computed. */
  readonly hash?: unknown;
}

/** Inputs in which a digest of the content stands for each asset and archive. */
export type ComparableInputs = Readonly<Record<string, unknown>>;

/**
 * Digests of the assets and archives of one run of the program. A digest is taken when a run declares the resource, because a later
 * run refers to the same files with other contents. Each file and directory is read once per instance.
 */
export class Contents {
  private readonly digests = new Map<string, Promise<string>>();

  /** @param directory base of relative paths. */
  constructor(private readonly directory: string) {}

  /**
   * Returns a copy of the inputs to compare with those of another run.
   * @throws Error that names the path of an asset or archive that does not exist.
   */
  async comparable(inputs: Readonly<Record<string, unknown>>): Promise<ComparableInputs> {
    return (await this.copyOf(inputs)) as ComparableInputs;
  }

  private async copyOf(value: unknown): Promise<unknown> {
    if (typeof value !== "object" || value === null) return value;
    if ("__pulumiAsset" in value || "__pulumiArchive" in value)
      return { contentDigest: await this.digestOf(value as AssetOrArchive) };
    if (Array.isArray(value)) return Promise.all(value.map((one) => this.copyOf(one)));
    if (!isPlain(value)) return value;
    const copies = Object.entries(value).map(async ([key, one]) => [key, await this.copyOf(one)] as const);
    return Object.fromEntries(await Promise.all(copies));
  }

  private async digestOf(content: AssetOrArchive): Promise<string> {
    if (typeof content.hash === "string" && content.hash !== "") return content.hash;
    if (content.assets !== undefined) return this.digestOfEntries(await content.assets);
    if (content.text !== undefined) return sha256(await content.text);
    if (content.path !== undefined) return this.digestOfPath(resolve(this.directory, await content.path));
    // The content of a remote asset is unknown before its download. Another URI counts as another content.
    return `uri ${await content.uri}`;
  }

  private async digestOfEntries(entries: Record<string, unknown>): Promise<string> {
    const digests = Object.keys(entries)
      .sort()
      .map(async (name) => [name, await this.digestOf(entries[name] as AssetOrArchive)]);
    return sha256(JSON.stringify(await Promise.all(digests)));
  }

  private digestOfPath(path: string): Promise<string> {
    const digest = this.digests.get(path) ?? this.readDigest(path);
    this.digests.set(path, digest);
    return digest;
  }

  private async readDigest(path: string): Promise<string> {
    if (!(await stat(path)).isDirectory()) return sha256(await readFile(path));
    const digests: [name: string, digest: string][] = [];
    // One after the other, so that a large package does not use up the process's open files.
    for (const name of (await readdir(path)).sort())
      digests.push([name, await this.digestOfPath(join(path, name))]);
    return sha256(JSON.stringify(digests));
  }
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
