import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";

/** Uses 150 MB for a moment and 20 MB for good, before and after the call, and prints the size of the heap in MB. */
const PROGRAM = `
  const { trimMemoryWhenIdle } = require("./local/memory");
  const heap = () => Math.round(process.memoryUsage().heapTotal / 2 ** 20);
  const fill = (megabytes) => Array.from({ length: megabytes * 1300 }, (_, index) => Array.from({ length: 100 }, () => index));
  globalThis.kept = fill(20);
  globalThis.peak = fill(150);
  const before = heap();
  globalThis.peak = undefined;
  trimMemoryWhenIdle([0, 1000]);
  // V8 shrinks the space for new objects only in a process that creates few.
  setTimeout(() => {
    const after = heap();
    let most = 0;
    for (let round = 0; round < 100; round++) { globalThis.peak = fill(5); most = Math.max(most, heap()); }
    console.log(JSON.stringify({ before, after, most }));
  }, 1500);
`;

describe("trimMemoryWhenIdle", () => {
  it("frees unused memory, and keeps the heap near what is in use", () => {
    const args = ["-r", "./scripts/typescript/register.js", "-e", PROGRAM];
    const output = execFileSync(process.execPath, args, {
      cwd: resolve(__dirname, "../.."),
      encoding: "utf8",
    });
    const { before, after, most } = JSON.parse(output) as Record<string, number>;
    assert.ok(after < before / 2, output);
    assert.ok(most < before * 0.75, output);
  });
});
