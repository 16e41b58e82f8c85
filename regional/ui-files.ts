import * as pulumi from "@pulumi/pulumi";
import { readdirSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { DIGEST_FILE, uiProblem } from "../ui/sources";

/** A file of the page, as it is stored in the bucket. */
export interface UiFile {
  /** The object's key, such as `assets/index-B1x2.js`. */
  readonly key: string;
  /** Where the file is on this machine. */
  readonly path: string;
  readonly contentType: string;
  readonly cacheControl: string;
}

/** For what keeps its name when it changes: a browser may keep it, but asks whether it is still current. */
export const REVALIDATE = "no-cache";
/** For what has a hash of its content in its name. */
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
 * The files of a built page, in a stable order.
 * @param folder where the page was built; what is under `assets/` has a hash in its name.
 * @throws pulumi.RunError when the page is not built or its sources have changed since, or a file is of a kind whose content type is not known.
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
      `The content type of the page's file ${key} is not known; the page may hold ${Object.keys(CONTENT_TYPES).join(", ")}. ` +
        "Remove it, or add its type in regional/ui-files.ts.",
    );
  return { key, path, contentType, cacheControl: key.startsWith("assets/") ? IMMUTABLE : REVALIDATE };
}
