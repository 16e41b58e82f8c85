import assert from "node:assert/strict";
import { runHere } from "../support/run-command";

describe("Of takeover, failback and status", () => {
  const refusals: Record<string, readonly [readonly string[], RegExp]> = {
    "a takeover without a reason": [["takeover", "--yes"], /^Say why with --reason "…"/],
    "a forced failback without a reason": [["failback", "--force", " "], /^Say why with --force "…"/],
    "minutes that are none": [
      ["failback", "--minutes", "soon"],
      /^--minutes is "soon", but must be a number from 0/,
    ],
    "an option given twice": [["status", "--stack", "a", "--stack", "b"], /^--stack is given twice\.$/m],
    "a URL without an equals sign": [
      ["status", "--local", "http://localhost:4700"],
      /goes behind an equals sign: --local=URL/,
    ],
    "an address that is no URL": [["status", "--local=localhost:4700"], /^--local is "localhost:4700", but/],
    "a local cloud with a stack's outputs": [
      ["status", "--local", "--outputs", "o.json"],
      /give one of them/,
    ],
    "a forced failback with gates": [["failback", "--force", "x", "--minutes", "3"], /give one of them/],
    "an option in the place of a reason": [
      ["takeover", "--reason", "--yes"],
      /^Option '--reason' argument is ambiguous; see npm run takeover -- --help\.\n$/,
    ],
    "a command that there is not": [["nope"], /^There is no command "nope"; there are drill, status, /],
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
