import * as pulumi from "@pulumi/pulumi";
import { readdirSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { DIGEST_FILE, uiProblem } from "../ui/sources";

/** File of the web UI, as stored in the bucket. */
export interface UiFile {
  /** Object key, such as `assets/index-B1x2.js`. */
  readonly key: string;
  /** Local path. */
  readonly path: string;
  readonly contentType: string;
  readonly cacheControl: string;
  /** Whether the name contains a hash of the content, so that the content never changes. */
  readonly isHashed: boolean;
}

/** `cache-control` of files that keep their name when they change: browsers cache them, but revalidate at every use. */
export const REVALIDATE = "no-cache";
/** `cache-control` of files whose name contains a hash of their content. */
const IMMUTABLE = "public, max-age=31536000, immutable";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

/**
 * Returns the files of the built web UI, sorted by key.
 * @param folder build output; file names under `assets/` contain a hash.
 * @throws pulumi.RunError when the web UI is not built or is older than its sources, or for an unknown file type.
 */
export function uiFiles(folder: string): UiFile[] {
  const problem = uiProblem(folder);
  if (problem !== undefined) throw new pulumi.RunError(problem);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== DIGEST_FILE)
    .map((entry) => uiFile(folder, join(entry.parentPath, entry.name)))
    .sort((one, other) => (one.key < other.key ? -1 : 1));
}

function uiFile(folder: string, path: string): UiFile {
  const key = relative(folder, path).split(sep).join("/");
  const contentType = CONTENT_TYPES[extname(path)];
  if (!contentType)
    throw new pulumi.RunError(
      `The content type of the web UI file ${key} is not known; known file types are ${Object.keys(CONTENT_TYPES).join(", ")}. ` +
        "Remove it, or add its type in regional/ui-files.ts.",
    );
  const isHashed = key.startsWith("assets/");
  return { key, path, contentType, cacheControl: isHashed ? IMMUTABLE : REVALIDATE, isHashed };
}
