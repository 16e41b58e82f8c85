require("../scripts/node-version");
require("../scripts/typescript/register");
// Node gives each address of a name but the last 250 ms to connect, too few for a region at the other end of the world:
// https://github.com/nodejs/node/issues/54359
require("node:net").setDefaultAutoSelectFamilyAttemptTimeout(1000);
require("./main").main(process.argv.slice(2));
