import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { runtime } from "@pulumi/pulumi";

/** Content of an asset or of a directory. */
type Content =
  { readonly text: string } | { readonly base64: string } | { readonly entries: Record<string, Content> };

/** Contents by the hash that the engine computed of an asset or archive. */
export type Contents = Map<string, Content>;

/** Asset or archive in the engine's state. */
interface AssetOrArchive {
  readonly hash: string;
  readonly text?: string;
  readonly path?: string;
  readonly assets?: Record<string, unknown>;
}

/** In a recording, names the property that is restored from the contents. */
const FORM = "content";

const { specialSigKey, specialAssetSig, specialArchiveSig } = runtime;

/**
 * Returns a copy of a resource in which assets and archives have no content, only the hash of it.
 * @param contents receives the contents.
 * @param directory base of relative paths.
 */
export function withoutContents<T>(resource: T, contents: Contents, directory: string): T {
  return convert(resource, (content) => {
    const { text, path, ...rest } = content;
    if (text !== undefined) contents.set(content.hash, { text });
    else if (path !== undefined) contents.set(content.hash, readContent(resolve(directory, path)));
    else return undefined;
    return { ...rest, [FORM]: text === undefined ? "path" : "text" };
  });
}

/**
 * Returns a copy of a resource of `withoutContents` with the contents.
 * @param directory receives the files.
 * @throws Error that names the hash of a missing content.
 */
export function withContents<T>(resource: T, contents: Contents, directory: string): T {
  return convert(resource, (recorded) => {
    const { [FORM]: form, ...rest } = recorded as AssetOrArchive & { readonly [FORM]?: string };
    if (form === undefined) return undefined;
    const content = contents.get(rest.hash);
    if (!content) throw new Error(`The recording has no content with the hash ${rest.hash}.`);
    if ("text" in content && form === "text") return { ...rest, ...content };
    const path = join(directory, rest.hash);
    writeContent(path, content);
    return { ...rest, path };
  });
}

/** Writes contents to a compressed file. Equal contents make equal files. */
export function writeContents(file: string, contents: Contents): void {
  const sorted = [...contents].sort(([one], [other]) => (one < other ? -1 : 1));
  const json = JSON.stringify(Object.fromEntries(sorted));
  const { BROTLI_PARAM_LGWIN, BROTLI_MAX_WINDOW_BITS } = constants;
  // The archives have most of their text in common, so the window covers all of them.
  writeFileSync(file, brotliCompressSync(json, { params: { [BROTLI_PARAM_LGWIN]: BROTLI_MAX_WINDOW_BITS } }));
}

/** Reads a file of `writeContents`. */
export function readContents(file: string): Contents {
  const json = brotliDecompressSync(readFileSync(file)).toString();
  return new Map(Object.entries(JSON.parse(json) as Record<string, Content>));
}

/** Returns whether a value of the engine's state is an asset or archive. */
export function isAssetOrArchive(value: unknown): value is AssetOrArchive {
  if (typeof value !== "object" || value === null) return false;
  const signature = (value as Record<string, unknown>)[specialSigKey];
  return signature === specialAssetSig || signature === specialArchiveSig;
}

/** Converts assets and archives at any depth. An archive for which the conversion returns undefined is a list of further ones. */
function convert<T>(value: T, change: (content: AssetOrArchive) => object | undefined): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => convert(one as unknown, change)) as T;
  const changed = isAssetOrArchive(value) ? change(value) : undefined;
  if (changed) return changed as T;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, convert(one, change)])) as T;
}

function readContent(path: string): Content {
  if (statSync(path).isDirectory())
    return {
      entries: Object.fromEntries(
        readdirSync(path)
          .sort()
          .map((name) => [name, readContent(join(path, name))]),
      ),
    };
  const bytes = readFileSync(path);
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) ? { text } : { base64: bytes.toString("base64") };
}

function writeContent(path: string, content: Content): void {
  if ("text" in content) return writeFileSync(path, content.text);
  if ("base64" in content) return writeFileSync(path, Buffer.from(content.base64, "base64"));
  mkdirSync(path, { recursive: true });
  for (const [name, entry] of Object.entries(content.entries)) writeContent(join(path, name), entry);
}
