// TypeScript loader of all commands. It only removes the types. Differences from ts-node: TypeScript itself is loaded only for a file
// that is not in the disk cache, because it takes 40 MB of memory and a fifth of the time that a command needs to start.
const { Buffer } = require("node:buffer");
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const sourceMapSupport = require("@cspotcode/source-map-support");
const { transpile, transpiled } = require("./transpiler");

/** Makes `require` load TypeScript files, and stack traces name their lines. */
exports.register = () => {
  deferTypeScript();
  require.extensions[".ts"] = (module, fileName) =>
    module._compile(withSourceMap(transpile(readFileSync(fileName, "utf8"), fileName)), fileName);
  sourceMapSupport.install({
    environment: "node",
    // Called for the files of a stack trace only, so nothing is kept in memory for it.
    retrieveFile: (fileName) => {
      const found = transpiled(fileName);
      return found ? withSourceMap(found) : "";
    },
  });
};

/** In two parts, because the reader of source maps would take the text in this file for a source map of it. */
const SOURCE_MAP_COMMENT = "//# source" + "MappingURL=";

function withSourceMap({ outputText, sourceMapText }) {
  const end = outputText.lastIndexOf(SOURCE_MAP_COMMENT);
  const data = Buffer.from(sourceMapText).toString("base64");
  return `${outputText.slice(0, end)}${SOURCE_MAP_COMMENT}data:application/json;charset=utf-8;base64,${data}`;
}

/** Replaces the module `typescript`, which Pulumi loads but needs only to serialize a function, by one that loads it at the first use. */
function deferTypeScript() {
  const path = require.resolve("typescript");
  if (require.cache[path]) return;
  let loaded;
  const load = () => {
    if (loaded) return loaded;
    delete require.cache[path];
    return (loaded = require(path));
  };
  const deferred = new Module(path);
  deferred.filename = path;
  deferred.loaded = true;
  deferred.exports = new Proxy(
    {},
    {
      get: (_, name) => load()[name],
      has: (_, name) => name in load(),
      ownKeys: () => Reflect.ownKeys(load()),
      getOwnPropertyDescriptor: (_, name) => {
        const property = Reflect.getOwnPropertyDescriptor(load(), name);
        return property && { ...property, configurable: true };
      },
    },
  );
  require.cache[path] = deferred;
}
