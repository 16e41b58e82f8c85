import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { isReversible } from "../../operations/drill/scenario";
import { SCENARIOS } from "../../operations/drill/scenarios";
import { runHere } from "../operations/support/run-command";
import { waitFor } from "../support/wait-for";
import { DrillRunner } from "./drill-runner";

const PROJECT = join(__dirname, "..", "..");

describe("npm run drill on a local cloud", function () {
  this.timeout(600_000);

  let runner: DrillRunner;
  before(async () => {
    runner = await DrillRunner.start();
  });
  after(() => runner?.stop());

  for (const scenario of SCENARIOS.filter((one) => !isReversible(one)))
    it(`${scenario.name}: ${scenario.title}`, () => runner.expectMet(scenario));

  const moments: Record<string, readonly [scenario: string, output: RegExp]> = {
    "traffic has begun": ["region-down", /traffic begins/],
    "replication is cut": ["replication-cut-then-region-down", /ireland is made isolated/],
    "the primary is down": ["region-down", /health of ireland: E/],
    "the secondary has taken over": ["replication-paused-then-takeover", /takeover: yes/],
  };
  for (const [moment, [scenario, output]] of Object.entries(moments))
    it(`deletes its tickets in both regions when it is stopped after ${moment}`, async () => {
      await runner.restore();
      const stopped = await runHere(["drill", runner.local, "--scenario", scenario], output);
      assert.deepEqual([stopped.code, stopped.errors], [2, "Stopped.\n"], stopped.out);
      assert.deepEqual([await runner.stateOf("ireland"), await runner.listed()], ["up", []], stopped.out);
    });

  it("repairs the region and deletes its tickets when it receives Ctrl-C from the terminal and from npm", async () => {
    await runner.restore();
    const args = [join("operations", "run.js"), "drill", runner.local];
    const scenario = ["--scenario", "replication-paused-then-takeover"];
    const drill = spawn(process.execPath, [...args, ...scenario], { cwd: PROJECT });
    let out = "";
    for (const output of [drill.stdout, drill.stderr]) output.on("data", (text: Buffer) => (out += text));
    const ended = once(drill, "close");
    try {
      await waitFor(async () => (await runner.stateOf("ireland")) === "isolated", {
        what: "the drill to break something",
        withinMs: 60_000,
      });
      const second = await runHere(["drill", runner.local]);
      assert.deepEqual([second.code, second.out.split("\n").length], [2, 2], second.out);
      assert.match(
        second.errors,
        /^Another drill is running: operator .*, since .*\. If it has crashed, a new drill can/,
      );
      assert.equal(await runner.stateOf("ireland"), "isolated");
      drill.kill("SIGINT");
      await waitFor(() => /Repairing ireland/.test(out), { what: "the repair" });
      drill.kill("SIGINT");
      assert.deepEqual(await ended, [2, null], out);
    } finally {
      drill.kill("SIGKILL");
    }
    assert.match(out, /^Stopped\.$/m);
    assert.equal(await runner.stateOf("ireland"), "up");
    assert.deepEqual(await runner.listed(), []);
  });
});
