import assert from "node:assert/strict";
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { waitFor } from "../support/wait-for";

const PROJECT = join(__dirname, "..", "..");
const PASSING = `describe("A test", () => { it("passes", () => {}); });`;
const FAILING = `describe("A test", () => { it("fails", () => { throw new Error("wrong"); }); });`;
/** Time for an orderly shutdown, in milliseconds; see scripts/test/process-groups.js. */
const GRACE_MS = 10_000;
/** Test that writes its process id to a file and runs until a signal ends it. */
const ENDLESS = `require("node:fs").writeFileSync(require("node:path").join(__dirname, "pid"), String(process.pid)); setInterval(() => {}, 1000);`;

/** Runs the test runner in a small project with its own static checks and tests. */
describe("npm test", () => {
  let project: string;

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), "test-runner-"));
    for (const path of ["scripts", "scripts/node-version.js", "tests/reporter.js"])
      cpSync(join(PROJECT, path), join(project, path), { recursive: true });
    symlinkSync(join(PROJECT, "node_modules"), join(project, "node_modules"));
    // The tests of this project are plain JavaScript.
    write("load.js", `require.extensions[".ts"] = require.extensions[".js"];`);
    write(".mocharc.js", `module.exports = { require: ["./load.js"], extension: ["ts"] };`);
    write("tests/ui/passing.test.ts", PASSING);
    write("tests/local/other.test.ts", PASSING);
    checks({});
  });
  afterEach(() => rmSync(project, { recursive: true }));

  it("counts each static check as a test", async () => {
    const { lines, status } = await run();
    assert.equal(lines.at(-1), `${2 + CHECKS.length} passed, 0 failed`);
    assert.equal(status, 0);
  });

  it("fails when a static check fails, and prints the name and output of this check only", async () => {
    checks({ types: "echo all types fit", lint: "echo a comma is missing; exit 3" });
    const { lines, status } = await run();
    assert.equal(lines.at(-1), `${1 + CHECKS.length} passed, 1 failed`);
    assert.equal(status, 1);
    const output = lines.join("\n");
    assert.match(output, /^npm run lint failed after \d+ s:\n\na comma is missing$/m);
    assert.match(output, /^FAILED: npm run lint \(\d+ s\)$/m);
    assert.match(output, /^passed: npm run types \(\d+ s\)$/m);
    assert.ok(!output.includes("all types fit"));
  });

  it("prints the error of a failed test with its title, before the run ends", async () => {
    write("tests/ui/failing.test.ts", FAILING);
    const output = (await run("tests/ui")).lines.join("\n");
    assert.match(output, /^ +1\) fails\n +Error: wrong\n +at [^]+^ +1 failing$/m);
  });

  it("fails when a test fails, and still runs the static checks", async () => {
    write("tests/ui/failing.test.ts", FAILING);
    const { lines, status } = await run();
    assert.equal(lines.at(-1), `${2 + CHECKS.length} passed, 1 failed`);
    assert.equal(status, 1);
  });

  it("fails when a test file cannot be loaded", async () => {
    write("tests/ui/broken.test.ts", `throw new Error("no such thing");`);
    const { lines, status } = await run();
    assert.match(lines.at(-1)!, /^\d+ passed, 1 failed$/);
    assert.equal(status, 1);
  });

  it("keeps the number of skipped tests in the last line", async () => {
    write("tests/ui/skipped.test.ts", `describe("A test", () => { it.skip("is skipped", () => {}); });`);
    const { lines, status } = await run();
    assert.equal(lines.at(-1), `${2 + CHECKS.length} passed, 0 failed, 1 skipped`);
    assert.equal(status, 0);
  });

  it("runs a folder, a file or a group without the static checks, and prints that it skipped them", async () => {
    checks({ types: "exit 1" });
    for (const args of [
      ["tests/ui"],
      ["tests/ui/passing.test.ts"],
      ["unit"],
      ["--grep", "passes", "tests/ui"],
    ]) {
      const { lines, status } = await run(...args);
      assert.equal(lines.at(-1), "1 passed, 0 failed");
      assert.match(
        lines.join("\n"),
        /^skipped: npm run types, .*\(only npm test without arguments runs them\)$/m,
      );
      assert.equal(status, 0);
    }
  });

  it("passes options on to mocha", async () => {
    write("tests/ui/failing.test.ts", FAILING);
    const { lines } = await run("--grep", "passes");
    assert.equal(lines.at(-1), "2 passed, 0 failed");
  });

  it("lets tests run all of their cases with --all only", async () => {
    write(
      "tests/ui/sampled.test.ts",
      `it(process.env.TEST_ALL === "1" ? "every case" : "a sample", () => {});`,
    );
    const file = "tests/ui/sampled.test.ts";
    assert.match((await run(file)).lines.join("\n"), /a sample/);
    const { lines, status } = await run(file, "--all");
    assert.match(lines.join("\n"), /every case/);
    assert.equal(lines.at(-1), "1 passed, 0 failed");
    assert.equal(status, 0);
  });

  for (const name of ["tests/ui/missing.test.ts", "test/ui", "nothing", "scripts/test.js", "/tmp"])
    it(`rejects ${name}, which is neither a group nor a test`, async () => {
      const { lines, status } = await run(name);
      assert.ok(
        lines[0].startsWith(`${name} is neither a group nor a file or folder in ${project}`),
        lines[0],
      );
      assert.equal(status, 2);
    });

  it("rejects a file and a folder without tests", async () => {
    write("tests/support/helper.ts", "");
    for (const name of ["tests/support", "tests/support/helper.ts"]) {
      const { lines, status } = await run(name);
      assert.match(lines[0], /^tests\/support.* contains no tests\./);
      assert.equal(status, 2);
    }
  });

  for (const args of [["--gerp", "x"], ["--grep"], ["tests/ui", "--bail=3"]])
    it(`rejects the options ${args.join(" ")}`, async () => {
      const { lines, status } = await run(...args);
      assert.match(lines[0], /^(Unknown o|O)ption '/);
      assert.match(lines.join("\n"), /^usage: npm test -- /m);
      assert.equal(status, 2);
    });

  it("prints its usage", async () => {
    const { lines, status } = await run("--help");
    assert.match(lines[0], /^usage: npm test -- /);
    assert.equal(status, 0);
  });

  it("accepts an absolute path", async () => {
    const { lines, status } = await run(join(project, "tests", "ui"));
    assert.equal(lines.at(-1), "1 passed, 0 failed");
    assert.equal(status, 0);
  });

  it("fails when no title matches", async () => {
    const { lines, status } = await run("unit", "--grep", "no such title");
    assert.match(lines.join("\n"), /^No test ran\./m);
    assert.equal(lines.at(-1), "0 passed, 1 failed");
    assert.equal(status, 1);
  });

  for (const what of ["test", "test in one job", "check"])
    it(`ends a running ${what} on SIGINT and prints no counts`, async () => {
      const file = what === "check" ? "tests/endless.js" : "tests/ui/endless.test.ts";
      write(file, ENDLESS + (what === "check" ? "" : PASSING));
      if (what === "check") checks({ types: "node tests/endless.js" });
      const selected = what === "test in one job" ? [file] : [];
      const pidFile = join(project, dirname(file), "pid");
      const child = start(...selected);
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (text: Buffer) => (output += text.toString()));
      const closed = once(child, "close");
      await waitFor(() => existsSync(pidFile) && readFileSync(pidFile, "utf8") !== "", {
        what: "the endless process",
      });
      const interrupted = performance.now();
      child.kill("SIGINT");
      const [status] = await closed;
      assert.equal(status, 130);
      assert.ok(performance.now() - interrupted < GRACE_MS, "The process was killed.");
      assert.doesNotMatch(output, /^\d+ passed|^No test ran|^mocha ended/m);
      const pid = Number(readFileSync(pidFile, "utf8"));
      await waitFor(() => !isRunning(pid), { what: "the end of the endless process" });
    });

  it("ends a running test without a stack trace when the reader of its output closes it", async () => {
    write("tests/ui/endless.test.ts", `setInterval(() => console.log("alive"), 10);${ENDLESS}`);
    const child = start("tests/ui/endless.test.ts");
    let errors = "";
    child.stderr.on("data", (text: Buffer) => (errors += text.toString()));
    const closed = once(child, "close");
    await once(child.stdout, "data");
    child.stdout.destroy();
    const [status] = (await closed) as [number | null];
    assert.deepEqual([errors, status], ["", 143]);
    const pid = Number(readFileSync(join(project, "tests", "ui", "pid"), "utf8"));
    await waitFor(() => !isRunning(pid), { what: "the end of the endless process" });
  });

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }

  /** Sets the shell commands of static checks. The others do nothing. */
  function checks(commands: Readonly<Record<string, string>>): void {
    const scripts = Object.fromEntries(CHECKS.map((name) => [name, commands[name] ?? "true"]));
    write("package.json", JSON.stringify({ name: "scratch", engines: { node: ">=20.0.0" }, scripts }));
  }

  function start(...args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
    const command = ["scripts/test.js", ...args];
    return spawn(process.execPath, command, { cwd: project, stdio: ["ignore", "pipe", "pipe"] });
  }

  async function run(...args: string[]): Promise<{ lines: string[]; status: number | null }> {
    const child = start(...args);
    const output = { stderr: "", stdout: "" };
    for (const name of ["stderr", "stdout"] as const)
      child[name].on("data", (text: Buffer) => (output[name] += text.toString()));
    const [status] = (await once(child, "close")) as [number | null];
    return { lines: (output.stderr + output.stdout).trimEnd().split("\n"), status };
  }
});

/** Names of the static checks of the runner. */
const CHECKS = /^const CHECKS = (\[.*\]);$/m
  .exec(readFileSync(join(PROJECT, "scripts", "test.js"), "utf8"))![1]
  .match(/\w+/g)!;

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
