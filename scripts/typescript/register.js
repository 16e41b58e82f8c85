// Registers the TypeScript loader shared by all commands. Works from every current folder.
const { existsSync } = require("node:fs");
const { join } = require("node:path");
require("../node-version");
const { dependencies, devDependencies } = require("../../package.json");

const PROJECT = join(__dirname, "..", "..");

/** Warnings that require no action by the user. */
const HIDDEN_WARNINGS = [
  // The AWS SDK announces the Node.js versions that it stops supporting in 2027.
  /^NodeVersionSupportWarning/,
  // Pulumi loads every built-in module, including experimental ones, to recognize them in a callback.
  /^(FFI|SQLite|QUIC|VFS|WASI) is an experimental feature/,
];
const emitWarning = process.emitWarning.bind(process);
process.emitWarning = (warning, ...more) => {
  if (!HIDDEN_WARNINGS.some((pattern) => pattern.test(String(warning)))) emitWarning(warning, ...more);
};

// Since Node.js 22.21 and 24, fetch can use a proxy from the environment. Loopback addresses must bypass it.
const LOOPBACK = "localhost,.localhost,127.0.0.1,127.0.0.10,127.0.0.11,127.0.0.12,::1,[::1]";
const exempt = process.env.no_proxy || process.env.NO_PROXY;
process.env.NO_PROXY = process.env.no_proxy = exempt ? `${exempt},${LOOPBACK}` : LOOPBACK;

expectPackages();

const { register } = require("./loader");
register();

/**
 * Ends the process with one line when a package is not installed: after `npm ci --omit=dev`, or after a change of the project that needs
 * another package.
 */
function expectPackages() {
  const isMissing = (name) =>
    !require.resolve.paths(name).some((folder) => existsSync(join(folder, name, "package.json")));
  const missing = Object.keys({ ...dependencies, ...devDependencies }).filter(isMissing);
  if (missing.length === 0) return;
  const names =
    missing.length === 1 ? `${missing[0]} is` : `${missing[0]} and ${missing.length - 1} more are`;
  console.error(
    `Not all packages are installed (${names} missing). Install them in ${PROJECT} with: npm ci --include=dev`,
  );
  process.exit(1);
}
