require("../scripts/node-version");
require("../scripts/closed-output");
require("../scripts/typescript/register");
// The benchmark of replication runs the Pulumi program, which reads packages and archives relative to the project.
process.chdir(require("node:path").join(__dirname, ".."));
require("./index");
