import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { columnsOf } from "../../command-line/terminal-text";

const RUN = join(__dirname, "..", "..", "bench", "run.js");

describe("npm run bench", () => {
  function bench(...args: string[]): { status: number | null; stdout: string; stderr: string } {
    return spawnSync(process.execPath, [RUN, ...args], { encoding: "utf8" });
  }

  for (const args of [["--help"], ["dynamodb", "--help"], ["--help", "nothing"]])
    it(`prints the benchmarks within 80 columns and runs none for ${args.join(" ")}`, () => {
      const { status, stdout, stderr } = bench(...args);
      assert.deepEqual([status, stderr], [0, ""]);
      const listed = [...stdout.matchAll(/^ {2}([a-z]+) {2,}\S/gm)].map(([, name]) => name);
      assert.deepEqual(listed, ["reconcile", "memory", "dynamodb", "replication", "engine", "watch"]);
      assert.match(stdout, /npm run bench -- \[NAME \.\.\.\]/);
      assert.match(stdout, /^ {2}--help +show this help$/m);
      for (const line of stdout.split("\n")) assert.ok(columnsOf(line) <= 80, line);
    });

  it("rejects an unknown benchmark or option in one line before it runs any", () => {
    for (const [args, what] of [
      [["dynamodb", "nothing"], `There is no benchmark "nothing"`],
      [["--rounds"], `There is no option "--rounds"`],
      [["--help=yes"], `There is no option "--help=yes"`],
      [["toString"], `There is no benchmark "toString"`],
      [[""], `There is no benchmark ""`],
    ] as const) {
      const { status, stdout, stderr } = bench(...args);
      assert.deepEqual([status, stdout], [2, ""]);
      assert.equal(
        stderr,
        `${what}; use reconcile, memory, dynamodb, replication, engine, watch or --help.\n`,
      );
    }
  });
});
