// Prints the license of every package in package-lock.json as a Markdown table, and fails for one that is not accepted: npm run licenses
require("./closed-output");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const LOCK_FILE = join(__dirname, "..", "package-lock.json");
/** SPDX identifiers (https://spdx.org/licenses/) of permissive licenses: they allow use and distribution with a notice at most. */
const PERMISSIVE = [
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "PSF-2.0",
  "Python-2.0",
];
/** Packages with another license, and why each is accepted. `name` ends with `*` for all names that start with the rest. */
const EXCEPTIONS = [
  {
    name: "@logdna/tail-file",
    license: "SEE LICENSE IN LICENSE",
    reason: "Its file LICENSE is the MIT license.",
  },
  {
    name: "axe-core",
    license: "MPL-2.0",
    reason: "Only tests use it, unchanged. It is not distributed.",
  },
  {
    name: "lightningcss*",
    license: "MPL-2.0",
    reason: "Vite builds the web UI with it, unchanged. It is not distributed.",
  },
  {
    name: "spdx-exceptions",
    license: "CC-BY-3.0",
    reason: "A list of names that Pulumi's SDK depends on. It is not distributed.",
  },
];

main(process.argv[2] ?? LOCK_FILE);

function main(file) {
  try {
    const packages = packagesIn(file);
    console.log(table(packages));
    const problems = problemsOf(packages);
    for (const problem of problems) console.error(problem);
    process.exitCode = problems.length > 0 ? 1 : 0;
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** Returns each package of a lock file once, sorted by name and version. */
function packagesIn(file) {
  const { packages } = readLockFile(file);
  const found = new Map();
  for (const [path, entry] of Object.entries(packages)) {
    // The project itself, and links to folders that have an entry of their own.
    if (path === "" || entry.link) continue;
    const name = entry.name ?? path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    const { version, license } = entry;
    const key = `${name}@${version}`;
    // npm sets `dev` for packages that only development dependencies need. A package can be installed twice, once for each.
    const isProduction = !entry.dev || found.get(key)?.dependency === "production";
    found.set(key, { name, version, license, dependency: isProduction ? "production" : "development" });
  }
  return [...found.values()].sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
}

function sortKey({ name, version }) {
  return `${name} ${version}`;
}

/** @throws Error if the file cannot be read or has another format. */
function readLockFile(file) {
  let content;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file} cannot be read as JSON: ${error.message}. Write it with: npm install`, {
      cause: error,
    });
  }
  if (typeof content?.packages === "object" && content.packages !== null) return content;
  throw new Error(`${file} has no "packages". Write it with npm 7 or later: npm install`);
}

function table(packages) {
  const rows = packages.map((one) => [
    one.name,
    one.version,
    textOf(one.license),
    one.dependency,
    exceptionOf(one)?.reason ?? "",
  ]);
  const lines = [
    ["package", "version", "license", "dependency", "why it is accepted"],
    Array(5).fill("---"),
    ...rows,
  ];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function textOf(license) {
  return typeof license === "string" ? license : (JSON.stringify(license) ?? "none");
}

/** Returns a line for each package whose license is not accepted, and for each exception that no package needs. */
function problemsOf(packages) {
  const refused = packages.filter(({ license }) => !isPermissive(license));
  const problems = refused
    .filter((one) => !exceptionOf(one))
    .map(
      (one) =>
        `${one.name} ${one.version} (${one.dependency}): license ${textOf(one.license)} is not accepted. Replace the package. If the license ` +
        "allows this use, add it to PERMISSIVE or the package to EXCEPTIONS in scripts/licenses.js, with the reason.",
    );
  const needed = refused.map(exceptionOf);
  const unneeded = EXCEPTIONS.filter((exception) => !needed.includes(exception)).map(
    ({ name, license }) =>
      `${name}: no package needs its exception for the license ${license}. Remove it from EXCEPTIONS in scripts/licenses.js.`,
  );
  return [...problems, ...unneeded];
}

/**
 * Whether a license is permissive: one of the list, or an SPDX expression of them without inner parentheses. AND binds stronger than OR
 * (https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/). Everything else, such as WITH, is refused.
 */
function isPermissive(license) {
  if (typeof license !== "string") return false;
  const expression = license.replace(/^\(([^()]*)\)$/, "$1");
  return expression
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((one) => PERMISSIVE.includes(one)));
}

/** Returns the exception of a package with this license; undefined if there is none. */
function exceptionOf({ name, license }) {
  if (isPermissive(license)) return undefined;
  return EXCEPTIONS.find(
    (one) =>
      one.license === license &&
      (one.name.endsWith("*") ? name.startsWith(one.name.slice(0, -1)) : one.name === name),
  );
}
