// Disk cache shared by all commands: transpiled files and serialized functions, in node_modules/.cache. An entry is used only
// with the key that it was written with. Plain JavaScript, because it is needed before TypeScript can be loaded.
const { createHash, randomUUID } = require("node:crypto");
const { readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { makeDirectory } = require("../../shared/make-directory");

const DIRECTORY = join(__dirname, "..", "..", "node_modules", ".cache", "tickets-in-two-regions");

/** Whether the cache is switched off: it then reads and writes no file. */
const isOff = Boolean(process.env.TICKETS_NO_CACHE);

/** Returns a digest of a list of texts. Lists that differ have different digests, even if their concatenations are equal. */
exports.hashOf = (...texts) => {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${text.length}:${text}`);
  return hash.digest("hex");
};

/** Returns the value that was written under a name with the same key; undefined when there is none. */
exports.readEntry = (name, key) => {
  if (isOff) return undefined;
  try {
    const entry = JSON.parse(readFileSync(fileOf(name), "utf8"));
    return entry.key === key ? entry.value : undefined;
  } catch {
    // The file does not exist or is damaged.
    return undefined;
  }
};

/** Writes a JSON value under a name. The write is atomic, because another process may read the entry at the same time. */
exports.writeEntry = (name, key, value) => {
  if (isOff) return;
  const unfinished = `${fileOf(name)}.${randomUUID()}`;
  try {
    makeDirectory(DIRECTORY);
    writeFileSync(unfinished, JSON.stringify({ key, value }));
    renameSync(unfinished, fileOf(name));
  } catch {
    // A project folder that is read-only works without the cache.
  }
};

function fileOf(name) {
  return join(DIRECTORY, `${exports.hashOf(name)}.json`);
}
