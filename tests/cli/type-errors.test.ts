import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "./command";

const PROJECT = join(__dirname, "..", "..");

describe("npm start with a type error in the program", function () {
  this.timeout(180_000);

  let copy: string;
  const commands: Command[] = [];

  before(() => {
    copy = mkdtempSync(join(tmpdir(), "type-errors-"));
    cpSync(PROJECT, copy, { recursive: true, filter: isNeeded });
    symlinkSync(join(PROJECT, "node_modules"), join(copy, "node_modules"));
    // A string where the resource expects a number: nothing else in a start detects this.
    const file = join(copy, "regional", "metric-alarm.ts");
    const source = readFileSync(file, "utf8");
    const changed = source.replace("period: args.periodSeconds", "period: String(args.periodSeconds)");
    assert.notEqual(changed, source);
    writeFileSync(file, changed);
  });
  afterEach(async () => {
    await Promise.all(commands.splice(0).map((command) => command.dispose()));
  });
  after(() => rmSync(copy, { recursive: true }));

  function start(...args: string[]): Command {
    const command = new Command(["--port", "0", ...args], copy);
    commands.push(command);
    return command;
  }

  it("starts, and reports the error with its position once both regions are healthy", async () => {
    const command = start();
    await command.line(/^Press Ctrl-C to stop\.$/);
    await command.line(
      /^regional\/metric-alarm\.ts\(\d+,\d+\): error TS2322: .*'string' is not assignable to .*number/,
    );
    await command.line(/^The program has 1 type error\. It runs, but pulumi up rejects it\.$/);
    command.signal("SIGINT");
    assert.equal(await command.exitCode(), 0, command.allOutput());
    assert.deepEqual(command.leftovers(), []);
  });

  it("reports the error on standard error with --json", async () => {
    const command = start("--json");
    await command.line(/^The program has 1 type error\./);
    assert.equal(command.output.length, 1);
    assert.match(command.errors.join("\n"), /error TS/);
  });
});

/** Returns whether a path is needed to run the program; the built web UI is. */
function isNeeded(path: string): boolean {
  return !/^(node_modules|\.git|tests|docs|ui\/src)$/.test(path.slice(PROJECT.length + 1));
}
