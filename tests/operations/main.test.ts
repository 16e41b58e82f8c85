import assert from "node:assert/strict";
import { runHere } from "./support/run-command";

describe("Command line of the operator commands", () => {
  const rejected: Record<string, readonly [readonly string[], RegExp]> = {
    "a takeover without a reason": [["takeover", "--yes"], /^--reason "…" needs a reason/],
    "a forced failback without a reason": [["failback", "--force", " "], /^--force "…" needs a reason/],
    "minutes that are not a number": [
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
    "a local cloud that is not a URL": [
      ["status", "--local=localhost:4700"],
      /^--local is "localhost:4700", but/,
    ],
    "--local with --outputs": [["status", "--local", "--outputs", "o.json"], /exclude each other/],
    "--force with --minutes": [
      ["failback", "--force", "x", "--minutes", "3"],
      /cannot be combined with --minutes/,
    ],
    "an option instead of a reason": [
      ["takeover", "--reason", "--yes"],
      /^--reason needs a value; one that begins with a hyphen is given as --reason=VALUE; see npm run takeover -- --help\.\n$/,
    ],
    "a missing value": [
      ["failback", "--force"],
      /^--force needs a value; see npm run failback -- --help\.\n$/,
    ],
    "no command": [[], /^No command was given; the commands are drill, status, /],
    "the name of an object property as command": [
      ["toString"],
      /^The command "toString" does not exist; the commands are drill, /,
    ],
    "--confirm on a local cloud": [
      ["drill", "--speed", "10", "--confirm", "x"],
      /^--confirm is only for a drill on AWS: omit it with --speed and --local\.\n$/,
    ],
    "a report path that cannot be written": [
      ["drill", "--speed", "10", "--report", "/proc/none/report"],
      /^--report is "\/proc\/none\/report", but no file can be written there: [^]*[^.]\.\n$/,
    ],
    "an unknown command": [["nope"], /^The command "nope" does not exist; the commands are drill, status, /],
    "an interval of 0": [["status", "--interval", "0"], /^--interval is "0"/],
  };
  for (const [what, [args, message]] of Object.entries(rejected))
    it(`rejects ${what} in one sentence`, async () => {
      const result = await runHere(args);
      assert.equal(result.code, 2);
      assert.match(result.errors, message);
    });

  it("shows the usage with --help", async () => {
    for (const name of ["takeover", "failback", "status", "preflight", "smoke", "teardown"]) {
      const result = await runHere([name, "--help"]);
      assert.equal(result.code, 0);
      assert.match(result.out, new RegExp(`npm run ${name} -- --stack NAME[^]*Exit code: `));
    }
  });
});
