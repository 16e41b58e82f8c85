// Registers the TypeScript loader shared by all commands. Works from every current folder.
const { join } = require("node:path");
require("../node-version");

const PROJECT = join(__dirname, "..", "..");

/** Warnings that an operator can do nothing about. */
const HIDDEN = [
  // The AWS SDK announces which Node.js versions it will no longer support in 2027.
  /^NodeVersionSupportWarning/,
  // Pulumi loads every built-in module, experimental ones too, to recognise them in a callback.
  /^(FFI|SQLite|QUIC|VFS|WASI) is an experimental feature/,
];
const emitWarning = process.emitWarning.bind(process);
process.emitWarning = (warning, ...more) => {
  if (!HIDDEN.some((pattern) => pattern.test(String(warning)))) emitWarning(warning, ...more);
};

// Since Node.js 22.21 and 24, fetch can use a proxy that the environment names; this machine's own addresses need none.
const LOOPBACK = "localhost,.localhost,127.0.0.1,127.0.0.10,127.0.0.11,127.0.0.12,::1,[::1]";
const exempt = process.env.no_proxy || process.env.NO_PROXY;
process.env.NO_PROXY = process.env.no_proxy = exempt ? `${exempt},${LOOPBACK}` : LOOPBACK;

// ts-node takes settings from its own variables, which may be those of another project.
for (const name of Object.keys(process.env)) if (name.startsWith("TS_NODE_")) delete process.env[name];

// npm may install some of them without the others, because packages of the program name them as optional.
for (const name of ["ts-node", "typescript", "dynalite", "@aws-sdk/client-dynamodb"])
  expectDevelopmentDependency(name);

require("ts-node").register({
  cwd: PROJECT,
  project: require.resolve("../../tsconfig.json"),
  transpileOnly: true,
  transpiler: require.resolve("./transpiler"),
});

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
