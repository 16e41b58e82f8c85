// Writes the schemas that follow from functions/tickets/ticket-attributes.ts to openapi.json. Part of `npm run openapi`.
require("./typescript/register");
const { readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { withTicketSchemas } = require("../functions/openapi/ticket-schemas");

const FILE = join(__dirname, "..", "openapi.json");
const document = JSON.parse(readFileSync(FILE, "utf8"));
writeFileSync(FILE, JSON.stringify(withTicketSchemas(document), undefined, 2));
