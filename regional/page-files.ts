import * as pulumi from "@pulumi/pulumi";
import { existsSync, readdirSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";

/** A file of the page, as it is stored in the bucket. */
export interface PageFile {
  /** The object's key, such as `assets/index-B1x2.js`. */
  readonly key: string;
  /** Where the file is on this machine. */
  readonly path: string;
  readonly contentType: string;
  readonly cacheControl: string;
}

/** For what keeps its name when it changes: a browser may keep it, but asks whether it is still current. */
export const ALWAYS_ASK = "no-cache";
/** For what has a hash of its content in its name. */
const KEEP_FOR_EVER = "public, max-age=31536000, immutable";

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
 * The files of a built page, in a stable order.
 * @param folder where the page was built; what is under `assets/` has a hash in its name.
 * @throws pulumi.RunError when the page is not built, or a file is of a kind whose content type is not known.
 */
export function pageFiles(folder: string): PageFile[] {
  if (!existsSync(join(folder, "index.html")))
    throw new pulumi.RunError(
      `The page is not built: ${folder} has no index.html. Build it with: npm run build`,
    );
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => pageFile(folder, join(entry.parentPath, entry.name)))
    .sort((one, other) => (one.key < other.key ? -1 : 1));
}

function pageFile(folder: string, path: string): PageFile {
  const key = relative(folder, path).split(sep).join("/");
  const contentType = CONTENT_TYPES[extname(path)];
  if (!contentType)
    throw new pulumi.RunError(
      `The content type of the page's file ${key} is not known; the page may hold ${Object.keys(CONTENT_TYPES).join(", ")}. ` +
        "Remove it, or add its type in regional/page-files.ts.",
    );
  return { key, path, contentType, cacheControl: key.startsWith("assets/") ? KEEP_FOR_EVER : ALWAYS_ASK };
}
