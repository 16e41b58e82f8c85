// Registers the TypeScript loader shared by all commands. Works from every current folder.
const { join } = require("node:path");
require("../node-version");

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

// npm may install only some of these, because packages of the program list them as optional dependencies.
for (const name of ["@cspotcode/source-map-support", "typescript", "dynalite", "@aws-sdk/client-dynamodb"])
  expectDevelopmentDependency(name);

const { register } = require("./loader");
register();

/** Ends the process with one line when a development dependency is not installed. */
function expectDevelopmentDependency(name) {
  try {
    require.resolve(name);
  } catch {
    console.error(
      `The development dependencies are not installed (${name} is missing). Install them in ${PROJECT} with: npm ci --include=dev`,
    );
    process.exit(1);
  }
}
