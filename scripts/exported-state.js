// Reads a state that `pulumi stack export` wrote.
require("./node-version");
const { readFileSync } = require("node:fs");

/**
 * Reads JSON from a file in UTF-8, or in UTF-16 with a byte order mark, which the redirection of Windows PowerShell writes.
 * @throws Error if it cannot be read or is not JSON.
 */
function readJson(file) {
  const bytes = readFileSync(file);
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return JSON.parse(bytes.toString(isUtf16 ? "utf16le" : "utf8").replace(/^\uFEFF/, ""));
}

/** Returns whether a value is a deployment whose resources, also of interrupted operations, have a URN and a type. */
function isDeployment(value) {
  if (!isObject(value)) return false;
  const { resources, pending_operations: operations } = value;
  const isResource = (one) => isObject(one) && typeof one.urn === "string" && typeof one.type === "string";
  const areAll = (list, holds) =>
    (list ?? undefined) === undefined || (Array.isArray(list) && list.every(holds));
  return (
    areAll(resources, isResource) &&
    areAll(operations, (operation) => isObject(operation) && isResource(operation.resource))
  );
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

module.exports = { isDeployment, readJson };
