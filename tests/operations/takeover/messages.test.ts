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
