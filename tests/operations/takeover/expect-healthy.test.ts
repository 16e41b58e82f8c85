import assert from "node:assert/strict";
import type { ProbeResult } from "../../../functions/sentinel/health-probe";
import { CommandError } from "../../../command-line/command-error";
import { expectHealthy } from "../../../operations/takeover/command";

const SINGAPORE = { name: "singapore", code: "ap-southeast-1", api: "https://api" };
const WELL: ProbeResult = { ok: true };
const LATE: ProbeResult = { ok: false, reason: "no answer within 2000 ms" };

describe("Before a takeover the secondary", () => {
  /** What is printed when the probes say so, one after the other; one more than expected fails. */
  async function printed(probes: readonly ProbeResult[], force = false): Promise<string[]> {
    const [lines, left] = [[] as string[], [...probes]];
    await expectHealthy(
      SINGAPORE,
      force,
      (line) => lines.push(line),
      async (url, region) => {
        assert.deepEqual([url, region], ["https://api", "ap-southeast-1"]);
        const probe = left.shift();
        assert.ok(probe, "It asks once more than it should.");
        return probe;
      },
    );
    assert.deepEqual(left, []);
    return lines;
  }

  it("is asked once when it is well, and a second time when it is not", async () => {
    assert.deepEqual(await printed([WELL]), ["singapore is healthy."]);
    assert.deepEqual(await printed([LATE, WELL]), ["singapore is healthy."]);
  });

  it("is refused when it is not well twice, with the last reason", async () => {
    const silent: ProbeResult = { ok: false, reason: "ECONNREFUSED" };
    await assert.rejects(printed([LATE, silent]), (error: Error) => {
      assert.ok(error instanceof CommandError);
      assert.match(error.message, /^singapore is unhealthy \(ECONNREFUSED\)[^]*use --force\.$/);
      return true;
    });
  });

  it("is taken all the same with --force", async () => {
    assert.match((await printed([LATE, LATE], true))[0], /is unhealthy .* Continuing because of --force\.$/);
  });
});
