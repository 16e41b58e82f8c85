import assert from "node:assert/strict";
import { runHere } from "../support/run-command";

describe("Of takeover, failback and status", () => {
  const refusals: Record<string, readonly [readonly string[], RegExp]> = {
    "a takeover without a reason": [["takeover", "--yes"], /^--reason "…" needs a reason/],
    "a forced failback without a reason": [["failback", "--force", " "], /^--force "…" needs a reason/],
    "minutes that are none": [
      ["failback", "--minutes", "soon"],
      /^--minutes is "soon", but must be a number from 0/,
    ],
    "an option given twice": [
      ["status", "--stack", "a", "--stack", "b"],
      /^--stack is given twice; see npm run status -- --help\.$/m,
    ],
    "a URL without an equals sign": [
      ["status", "--local", "http://localhost:4700"],
      /after an equals sign: --local=URL/,
    ],
    "an address that is no URL": [["status", "--local=localhost:4700"], /^--local is "localhost:4700", but/],
    "a local cloud with a stack's outputs": [
      ["status", "--local", "--outputs", "o.json"],
      /exclude each other/,
    ],
    "a forced failback with gates": [
      ["failback", "--force", "x", "--minutes", "3"],
      /cannot be combined with --minutes/,
    ],
    "an option in the place of a reason": [
      ["takeover", "--reason", "--yes"],
      /^--reason needs a value; one that begins with a hyphen is given as --reason=VALUE; see npm run takeover -- --help\.\n$/,
    ],
    "a value that is left out": [
      ["failback", "--force"],
      /^--force needs a value; see npm run failback -- --help\.\n$/,
    ],
    "no command": [[], /^No command was given; the commands are drill, status, /],
    "a property of every object": [
      ["toString"],
      /^The command "toString" does not exist; the commands are drill, /,
    ],
    "a confirmation on a local cloud": [
      ["drill", "--speed", "10", "--confirm", "x"],
      /^--confirm is only for a drill on AWS: omit it with --speed and --local\.\n$/,
    ],
    "a report where none can be made": [
      ["drill", "--speed", "10", "--report", "/proc/none/report"],
      /^--report is "\/proc\/none\/report", but no file can be written there: [^]*[^.]\.\n$/,
    ],
    "a command that there is not": [
      ["nope"],
      /^The command "nope" does not exist; the commands are drill, status, /,
    ],
    "an interval of nothing": [["status", "--interval", "0"], /^--interval is "0"/],
  };
  for (const [what, [args, message]] of Object.entries(refusals))
    it(`${what} is refused in one sentence`, async () => {
      const result = await runHere(args);
      assert.equal(result.code, 2);
      assert.match(result.errors, message);
    });

  it("each says what it does", async () => {
    for (const name of ["takeover", "failback", "status"]) {
      const result = await runHere([name, "--help"]);
      assert.equal(result.code, 0);
      assert.match(result.out, new RegExp(`npm run ${name} -- --stack NAME[^]*Exit code: `));
    }
  });
});
