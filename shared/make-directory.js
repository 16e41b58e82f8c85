// Plain JavaScript, because the cache of transpiled files needs it before TypeScript can be loaded.
const { mkdirSync, statSync } = require("node:fs");
const { dirname, resolve } = require("node:path");

/** Documented in shared/make-directory.d.ts. */
exports.makeDirectory = (directory, options = {}) => {
  const missing = [];
  for (let path = resolve(directory); !isDirectory(path, directory); path = dirname(path)) missing.push(path);
  for (const path of missing.reverse()) make(path, directory, options.mode);
};

function make(path, directory, mode) {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Another process may have created it in the meantime.
    if (error.code === "EEXIST" && isDirectory(path, directory)) return;
    throw failure(directory, `${path} cannot be created (${error.code})`, error);
  }
}

/** A symbolic link to a directory counts as one. */
function isDirectory(path, directory) {
  try {
    if (statSync(path).isDirectory()) return true;
  } catch (error) {
    // ENOTDIR: a parent is a file. The loop finds it in a later iteration.
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return false;
    throw failure(directory, `${path} cannot be read (${error.code})`, error);
  }
  throw failure(directory, `${path} is not a directory`);
}

function failure(directory, reason, cause) {
  return Object.assign(
    new Error(`The directory ${resolve(directory)} cannot be created: ${reason}.`, { cause }),
    {
      code: cause?.code ?? "ENOTDIR",
    },
  );
}
