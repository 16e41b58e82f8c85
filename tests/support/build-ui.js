// Builds the web UI before the first test when its sources have changed, so that no test checks an outdated one.
const { spawnSync } = require("node:child_process");
const { join } = require("node:path");
const { uiState } = require("../../ui/sources");

exports.mochaGlobalSetup = () => {
  const project = join(__dirname, "..", "..");
  if (uiState(join(project, "ui", "dist")) === "current") return;
  const { status, stderr } = spawnSync(process.execPath, [join(project, "scripts", "build-ui.js")], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`The web UI could not be built: ${stderr}`);
};
