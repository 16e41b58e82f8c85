// JavaScript, because the Vite configuration, the Pulumi program and scripts load it. sources.d.ts documents it.
const { createHash } = require("node:crypto");
const { existsSync, readdirSync, readFileSync } = require("node:fs");
const { dirname, join, relative, sep } = require("node:path");

/** Modules of the functions that the UI uses too, relative to `ui`. */
const SHARED = ["../functions/tickets/field-rules.ts", "../functions/tickets/ticket-attributes.ts"];
/** Sources of the built UI, relative to `ui`. */
const SOURCES = ["index.html", "public", "src", "tsconfig.json", "vite.config.mts", ...SHARED];
/** Packages that the built UI contains, or that build it. */
const PACKAGES = ["@preact/signals", "preact", "vite"];

exports.SHARED = SHARED;
exports.SOURCES = SOURCES;

exports.DIGEST_FILE = ".sources-sha256";

exports.sourcesDigest = (folder) => {
  const hash = createHash("sha256");
  for (const path of SOURCES.flatMap((name) => filesAt(join(folder, name))).sort()) {
    const content = readFileSync(path);
    hash.update(`${relative(folder, path).split(sep).join("/")}:${content.length}:`).update(content);
  }
  hash.update(JSON.stringify(PACKAGES.map((name) => lockedVersion(folder, name))));
  return hash.digest("hex");
};

exports.uiState = (dist) => {
  const folder = dirname(dist);
  if (!existsSync(join(dist, "index.html"))) return "missing";
  // A built UI without its sources, as in a package, cannot be stale.
  if (!existsSync(join(folder, "src"))) return "current";
  return readIfThere(join(dist, exports.DIGEST_FILE)) === exports.sourcesDigest(folder) ? "current" : "stale";
};

exports.uiProblem = (dist) => {
  const problem = {
    missing: `The web UI is not built: ${dist} has no index.html.`,
    stale: `The web UI is not up to date: ${dist} was not built from the current sources in ${dirname(dist)}.`,
  }[exports.uiState(dist)];
  if (problem === undefined) return undefined;
  const command = exports.viteProgram()
    ? "npm run build"
    : "npm ci --include=dev (the development dependencies are missing)";
  return `${problem} Build it with: ${command}`;
};

exports.viteProgram = () => {
  try {
    return join(dirname(require.resolve("vite/package.json")), "bin", "vite.js");
  } catch {
    // The development dependencies are not installed.
    return undefined;
  }
};

function filesAt(path) {
  if (!existsSync(path)) return [];
  const entries = readdirIfFolder(path);
  if (!entries) return [path];
  return entries.flatMap((name) => filesAt(join(path, name)));
}

function readdirIfFolder(path) {
  try {
    return readdirSync(path);
  } catch (error) {
    if (error.code === "ENOTDIR") return undefined;
    throw error;
  }
}

function lockedVersion(folder, name) {
  const lock = readIfThere(join(folder, "..", "package-lock.json"));
  return lock && JSON.parse(lock).packages[`node_modules/${name}`]?.version;
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
