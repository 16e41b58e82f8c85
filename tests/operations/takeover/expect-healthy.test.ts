import assert from "node:assert/strict";
import type { ProbeResult } from "../../../functions/sentinel/health-probe";
import { CommandError } from "../../../command-line/command-error";
import { expectHealthy } from "../../../operations/takeover/command";

const SINGAPORE = { name: "singapore", code: "ap-southeast-1", api: "https://api" };
const HEALTHY: ProbeResult = { ok: true };
const LATE: ProbeResult = { ok: false, reason: "no response within 2000 ms" };

describe("Health probe of the secondary before a takeover", () => {
  /** Lines printed for these probe results in order. Fails on an additional probe. */
  async function printed(probes: readonly ProbeResult[], force = false): Promise<string[]> {
    const [lines, left] = [[] as string[], [...probes]];
    await expectHealthy(
      SINGAPORE,
      force,
      (line) => lines.push(line),
      async (url, region) => {
        assert.deepEqual([url, region], ["https://api", "ap-southeast-1"]);
        const probe = left.shift();
        assert.ok(probe, "One probe too many.");
        return probe;
      },
    );
    assert.deepEqual(left, []);
    return lines;
  }

  it("succeeds at the first healthy result of two", async () => {
    assert.deepEqual(await printed([HEALTHY]), ["singapore is healthy."]);
    assert.deepEqual(await printed([LATE, HEALTHY]), ["singapore is healthy."]);
  });

  it("rejects two unhealthy results, with the last reason", async () => {
    const silent: ProbeResult = { ok: false, reason: "ECONNREFUSED" };
    await assert.rejects(printed([LATE, silent]), (error: Error) => {
      assert.ok(error instanceof CommandError);
      assert.match(error.message, /^singapore is unhealthy \(ECONNREFUSED\)[^]*use --force\.$/);
      return true;
    });
  });

  it("continues with --force", async () => {
    assert.match((await printed([LATE, LATE], true))[0], /is unhealthy .* Continuing because of --force\.$/);
  });
});
