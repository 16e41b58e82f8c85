import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const PROJECT = join(__dirname, "..", "..", "..");

/** Loads TypeScript, serializes a function of the program, and prints every access to a file of the cache. */
const SCRIPT = `
  const fs = require("node:fs");
  const accesses = new Set();
  for (const name of ["readFileSync", "writeFileSync", "renameSync", "mkdirSync"]) {
    const original = fs[name];
    fs[name] = (path, ...more) => {
      if (String(path).includes("tickets-in-two-regions")) accesses.add(name);
      return original(path, ...more);
    };
  }
  require("./scripts/typescript/register");
  const { runtime } = require("@pulumi/pulumi");
  require("./local/pulumi/function-cache").installFunctionCache();
  const { writeEntry, readEntry } = require("./scripts/typescript/disk-cache");
  const { describeRouting } = require("./functions/routing/routing");
  runtime.serializeFunction(describeRouting, { isFactoryFunction: true }).then(({ text }) => {
    writeEntry("entry of a test", "key", "value");
    const value = readEntry("entry of a test", "key");
    const other = readEntry("entry of a test", "another key");
    console.log(JSON.stringify({ accesses: [...accesses].sort(), value, other, isText: text.includes("exports.handler") }));
  });
`;

describe("disk cache", function () {
  this.timeout(120_000);

  function run(env: NodeJS.ProcessEnv): unknown {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", SCRIPT], {
      cwd: PROJECT,
      encoding: "utf8",
      timeout: 100_000,
      env: { ...process.env, TICKETS_NO_CACHE: "", ...env },
    });
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
  }

  it("returns a written value only for its key", () => {
    const accesses = ["readFileSync", "renameSync", "writeFileSync"];
    assert.deepEqual(run({}), { accesses, value: "value", isText: true });
  });

  it("reads and writes no file if TICKETS_NO_CACHE is set", () => {
    assert.deepEqual(run({ TICKETS_NO_CACHE: "1" }), { accesses: [], isText: true });
  });
});
