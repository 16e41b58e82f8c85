// What one command worked out and the next one needs again, in node_modules/.cache. An entry is believed only for the key that it
// was kept with.
const { createHash, randomUUID } = require("node:crypto");
const { readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { makeDirectory } = require("../../shared/make-directory");

const DIRECTORY = join(__dirname, "..", "..", "node_modules", ".cache", "tickets-in-two-regions");

/** A digest of texts that no other texts have. */
exports.hashOf = (...texts) => {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${text.length}:${text}`);
  return hash.digest("hex");
};

/** @returns what was kept under a name with this very key; undefined when nothing was. */
exports.recall = (name, key) => {
  try {
    const entry = JSON.parse(readFileSync(fileOf(name), "utf8"));
    return entry.key === key ? entry.value : undefined;
  } catch {
    // Not there yet, or not whole.
    return undefined;
  }
};

/** Keeps a value, which JSON can hold, under a name; whole or not at all, because another process may read it at the same time. */
exports.keep = (name, key, value) => {
  const unfinished = `${fileOf(name)}.${randomUUID()}`;
  try {
    makeDirectory(DIRECTORY);
    writeFileSync(unfinished, JSON.stringify({ key, value }));
    renameSync(unfinished, fileOf(name));
  } catch {
    // A project that cannot be written to works without.
  }
};

function fileOf(name) {
  return join(DIRECTORY, `${exports.hashOf(name)}.json`);
}
