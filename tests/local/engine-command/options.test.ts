import assert from "node:assert/strict";
import { readEngineCommandLine } from "../../../local/engine-command/options";

describe("readEngineCommandLine", () => {
  it("reads a command with the defaults of npm start", () => {
    const read = readEngineCommandLine(["up"]);
    assert.equal(read?.command, "up");
    assert.deepEqual([read.diff, read.target, read.exclude], [false, [], []]);
    const { stack, domain, port, speed, data, types } = read.cloud;
    assert.deepEqual(
      [stack, domain, port, speed, data, types],
      ["ireland", "tickets.test", 4700, 1, undefined, true],
    );
  });

  it("reads every option", () => {
    const read = readEngineCommandLine(
      (
        "preview --stack org/tickets/singapore --no-domain --port 4900 --speed 5 --diff --json --no-types " +
        "--target urn:pulumi:one --exclude **::ireland-** --target=urn:pulumi:two --exclude=urn:pulumi:three"
      ).split(" "),
    );
    assert.deepEqual(
      [read?.command, read?.diff, read?.target, read?.exclude],
      ["preview", true, ["urn:pulumi:one", "urn:pulumi:two"], ["**::ireland-**", "urn:pulumi:three"]],
    );
    const { stack, domain, port, speed, json, types } = read!.cloud;
    assert.deepEqual(
      [stack, domain, port, speed, json, types],
      ["singapore", undefined, 4900, 5, true, false],
    );
  });

  it("returns nothing for --help", () => {
    assert.equal(readEngineCommandLine(["up", "--help"]), undefined);
    assert.equal(readEngineCommandLine(["--help"]), undefined);
  });

  for (const [args, message] of [
    [
      [],
      "No command was given; the commands are preview, up, refresh, destroy. See npm run local:pulumi -- --help.",
    ],
    [["--stack", "ireland"], /^No command was given/],
    [["import"], /^The command "import" does not exist; the commands are preview, up, refresh, destroy\./],
    [["up", "--data", "x"], "Unknown option '--data'. See npm run local:pulumi -- --help."],
    [["up", "--port", "x"], /^--port is "x"/],
    [["up", "--stack", "other/project/ireland"], /belongs to the project project/],
    [["up", "--target", "singapore"], /^--target is "singapore", but must be a URN or a pattern/],
    [["up", "--exclude", "ireland"], /^--exclude is "ireland", but must be a URN or a pattern/],
    [["up", "--target="], /^--target is "", but must be a URN/],
    [["up", "--target"], "--target needs a value. See npm run local:pulumi -- --help."],
    [["up", "--port", "0", "--port", "1"], "--port is given twice. See npm run local:pulumi -- --help."],
  ] as const)
    it(`rejects ${JSON.stringify(args.join(" "))}`, () => {
      assert.throws(() => readEngineCommandLine(args), { message });
    });
});
