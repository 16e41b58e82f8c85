require("../../scripts/node-version");
require("../../scripts/typescript/register");
require("./main").main(process.argv.slice(2));
