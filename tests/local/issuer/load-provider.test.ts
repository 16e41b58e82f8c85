import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const PROJECT = join(__dirname, "..", "..", "..");

describe("loadProvider", () => {
  it("writes no warning, and leaves other warnings alone", () => {
    const script = `
      const { loadProvider } = require("./local/issuer/load-provider");
      const both = Promise.all([loadProvider(), loadProvider()]);
      console.warn("another warning while it loads");
      both.then(([first, second]) => {
        console.warn(first === second && typeof first.Provider, "after it");
      });`;
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ["--require", "./scripts/typescript/register.js", "--eval", script],
      { cwd: PROJECT, encoding: "utf8" },
    );
    assert.equal(stdout, "");
    assert.equal(stderr, "another warning while it loads\nfunction after it\n");
    assert.equal(status, 0);
  });
});
