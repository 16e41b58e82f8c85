import assert from "node:assert/strict";
import { ProjectCopy } from "../../testing/project-copy";
import { Command } from "./command";

describe("npm start with a type error in the program", function () {
  // The types are checked with low priority, after the start.
  this.timeout(500_000);

  let copy: ProjectCopy;
  const commands: Command[] = [];

  before(() => {
    copy = new ProjectCopy();
    // A string where the resource expects a number: nothing else in a start detects this.
    copy.edit("regional/metric-alarm.ts", "period: args.periodSeconds", "period: String(args.periodSeconds)");
  });
  afterEach(async () => {
    await Promise.all(commands.splice(0).map((command) => command.dispose()));
  });
  after(() => copy.remove());

  function start(...args: string[]): Command {
    const command = new Command(["--port", "0", ...args], copy.folder);
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
