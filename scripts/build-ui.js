// Builds the web UI into ui/dist. With --if-possible, as `npm ci` calls it, missing development dependencies are not an error.
require("./node-version");
const { spawnSync } = require("node:child_process");
const { join } = require("node:path");
const { viteProgram } = require("../ui/sources");

const PROJECT = join(__dirname, "..");
const vite = viteProgram();
if (vite) {
  const { status, error } = spawnSync(
    process.execPath,
    [vite, "build", join(PROJECT, "ui"), "--logLevel", "warn"],
    {
      stdio: "inherit",
    },
  );
  if (error) console.error(`The web UI could not be built: ${error.message}`);
  process.exitCode = status ?? 1;
} else {
  const isRequired = !process.argv.includes("--if-possible");
  console.error(
    "The web UI was not built: the development dependencies are not installed (vite is missing). " +
      `Install them and build it in ${PROJECT} with: npm ci --include=dev`,
  );
  process.exitCode = isRequired ? 1 : 0;
}
