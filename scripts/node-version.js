// Exits with an error if Node.js is too old for the project. Every entry point loads this file first.
// Written in ES5, so that every version of Node.js can parse it.
var range = require("../package.json").engines.node;

/** Returns the numbers of a version such as "v20.19.0". */
function numbersIn(version) {
  return version
    .replace(/^[^0-9]*/, "")
    .split(".")
    .map(Number);
}

/** Whether a version is in a range of package.json: alternatives of "^1.2.3" (same major version) and ">=1.2.3". */
function satisfies(version, alternatives) {
  var actual = numbersIn(version);
  return alternatives.split("||").some(function (text) {
    var wanted = numbersIn(text);
    if (text.indexOf("^") >= 0 && actual[0] !== wanted[0]) return false;
    for (var index = 0; index < 3; index++)
      if (actual[index] !== wanted[index]) return actual[index] > wanted[index];
    return true;
  });
}

var needed =
  "Tickets in Two Regions needs Node.js " +
  range
    .replace(/\^(\d+)([0-9.]+)/g, "$1 ($1$2 or newer)")
    .replace(/>=([0-9.]+)/g, "$1 or newer")
    .split(" || ")
    .join(", or ");

if (!satisfies(process.version, range)) {
  console.error(needed + "; this is " + process.version + ".");
  process.exit(1);
}

/** Returns why a version such as "18" or "20.18" is not supported; undefined if it is. */
exports.versionProblem = function (version) {
  // An omitted part means the newest version.
  if (satisfies(version + ".999.999", range)) return undefined;
  return needed + "; " + version + " is not supported.";
};
