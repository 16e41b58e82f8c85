// Runs once before the first test: builds the web UI when its sources have changed, and unpacks Chromium.
const chromium = require("@sparticuz/chromium");
const { spawnSync } = require("node:child_process");
const { join } = require("node:path");
const { uiState } = require("../../ui/sources");

exports.mochaGlobalSetup = async () => {
  buildUi();
  // Two mocha processes that unpack it at the same time would each find half a browser.
  await chromium.executablePath();
};

function buildUi() {
  const project = join(__dirname, "..", "..");
  if (uiState(join(project, "ui", "dist")) === "current") return;
  const { status, stderr } = spawnSync(process.execPath, [join(project, "scripts", "build-ui.js")], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`The web UI could not be built: ${stderr}`);
}
