// Writes docs/permissions.md from the program: npm run permissions
require("../../../scripts/typescript/register");
const { writeFileSync } = require("node:fs");
const { permissionsDocument, PERMISSIONS_FILE } = require("./document");

permissionsDocument().then(
  (text) => {
    writeFileSync(PERMISSIONS_FILE, text);
    console.log(`Wrote ${PERMISSIONS_FILE}`);
  },
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
