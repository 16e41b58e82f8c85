import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";

const FILES: Readonly<Record<string, readonly [file: string, contentType: string]>> = {
  "/": ["index.html", "text/html; charset=utf-8"],
  ...served(["console", "sections", "tables", "logs"], "css", "text/css; charset=utf-8"),
  ...served(
    [
      ...["console", "dom", "lag-chart", "log-filter", "logs", "quarantine", "redrive", "regions"],
      ...["replication", "requests", "routing", "ticket-dialog", "tickets", "timeline", "times"],
    ],
    "js",
    "text/javascript; charset=utf-8",
  ),
};

const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
};

function served(
  names: readonly string[],
  extension: string,
  contentType: string,
): Record<string, readonly [string, string]> {
  return Object.fromEntries(
    names.map((name) => [`/${name}.${extension}`, [`${name}.${extension}`, contentType]]),
  );
}

/** Serves a file of the console page. Returns false when the path has none. */
export async function serveStaticFile(path: string, response: ServerResponse): Promise<boolean> {
  const found = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
  if (!found) return false;
  const [file, contentType] = found;
  const content = await readFile(join(__dirname, "page", file));
  response.writeHead(200, { ...HEADERS, "content-type": contentType }).end(content);
  return true;
}
