// Takes the screenshots of the documents into docs/images, from a local cloud of its own: npm run screenshots
require("../../scripts/typescript/register");
const { join } = require("node:path");
const { takeScreenshots } = require("./screenshots");

takeScreenshots(join(__dirname, "..", "..", "docs", "images")).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
