require("../node-version");
require("../register");
require("./main").main(process.argv.slice(2));
