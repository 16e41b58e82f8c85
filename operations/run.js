require("../scripts/node-version");
require("../scripts/typescript/register");
// By default, Node.js allows 250 ms to connect to each address of a name except the last, which is too short for a distant region:
// https://github.com/nodejs/node/issues/54359
require("node:net").setDefaultAutoSelectFamilyAttemptTimeout(1000);
require("./main").main(process.argv.slice(2));
