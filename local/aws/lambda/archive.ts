import { createHash } from "node:crypto";
import { cp, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { makeDirectory } from "../../../shared/make-directory";

/** Hash and size of an unpacked archive. */
export interface UnpackedCode {
  /** SHA-256 of names and contents, in base64. AWS hashes the zip file, which does not exist here. */
  readonly sha256: string;
  /** Size of all files, in bytes. */
  readonly bytes: number;
}

/** Asset or archive of Pulumi. Each kind has one of these properties. */
interface AssetOrArchive {
  readonly assets?: Promise<Record<string, AssetOrArchive>>;
  readonly text?: Promise<string>;
  readonly path?: Promise<string>;
  readonly uri?: Promise<string>;
}

/**
 * Unpacks a Pulumi archive, such as the one that Pulumi builds for a callback, into a new directory.
 * Links are followed, so that no file of the directory links back into the project.
 * @param code an AssetArchive, or a FileArchive of a directory.
 * @param projectDirectory base of relative paths in the archive.
 * @throws Error that names the entry, if it is remote, packed, missing or outside the directory.
 */
export async function unpackArchive(
  code: unknown,
  target: string,
  projectDirectory: string,
): Promise<UnpackedCode> {
  if (typeof code !== "object" || code === null) throw new Error("code is missing; set it to an archive.");
  makeDirectory(target);
  await unpack(code, "", target, projectDirectory);
  return measure(target);
}

async function unpack(entry: AssetOrArchive, name: string, target: string, project: string): Promise<void> {
  const destination = inside(target, name);
  if (entry.assets !== undefined) {
    for (const [child, asset] of Object.entries(await entry.assets))
      await unpack(asset, join(name, child), target, project);
    return;
  }
  makeDirectory(dirname(destination));
  if (entry.text !== undefined) return writeFile(destination, await entry.text);
  if (entry.path !== undefined) return copy(entry, name, destination, resolve(project, await entry.path));
  const remote =
    entry.uri === undefined ? "is neither an asset nor an archive" : `is remote (${await entry.uri})`;
  throw new Error(`code: ${label(name)} ${remote}; the local cloud supports text, files and directories.`);
}

async function copy(entry: AssetOrArchive, name: string, destination: string, source: string): Promise<void> {
  const stats = await stat(source).catch(() => undefined);
  if (!stats) throw new Error(`code: ${label(name)} refers to ${source}, which does not exist.`);
  if (stats.isFile() && "__pulumiArchive" in entry)
    throw new Error(
      `code: ${label(name)} is a packed archive (${source}); use the directory from which it was packed.`,
    );
  await cp(source, destination, { recursive: true, dereference: true });
}

function inside(target: string, name: string): string {
  const path = resolve(target, name);
  if (path === target || path.startsWith(target + sep)) return path;
  throw new Error(`code: ${label(name)} is outside the function's directory.`);
}

function label(name: string): string {
  return name === "" ? "the archive" : name;
}

async function measure(directory: string): Promise<UnpackedCode> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash("sha256");
  let bytes = 0;
  for (const file of files.sort()) {
    const content = await readFile(file);
    hash.update(relative(directory, file)).update("\0").update(content);
    bytes += content.length;
  }
  return { sha256: hash.digest("base64"), bytes };
}
