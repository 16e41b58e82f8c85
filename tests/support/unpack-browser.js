const chromium = require("@sparticuz/chromium");

// Once, before the first test: two of mocha's processes that unpack it at the same time would each find half a browser.
exports.mochaGlobalSetup = () => chromium.executablePath();
