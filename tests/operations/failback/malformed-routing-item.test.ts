import assert from "node:assert/strict";
import type { StatusReport } from "../../../operations/status/report";
import type { RunningCloud } from "../../../testing/running-cloud";
import { useLocalCloud } from "../../support/use-local-cloud";
import { IRELAND } from "../../../testing/tickets";
import { lastEventOf, type LocalRegion } from "../../support/local-region";
import { CommandResult, expectCode, runHere } from "../support/run-command";

const ROUTING = "routing-ap-southeast-1";

describe("takeover, failback and status over an unreadable routing item", function () {
  this.timeout(120_000);

  let cloud: RunningCloud;
  let singapore: LocalRegion;

  // At real speed, no outage in these tests is long enough for the sentinel to take over.
  useLocalCloud(["--speed", "1", "--queue-count-lag", "0"], (running) => ({ cloud, singapore } = running));

  const command = (...args: string[]): Promise<CommandResult> =>
    runHere([...args, `--local=${cloud.addresses.console}`]);
  const hasTakenOver = async (): Promise<boolean | undefined> =>
    (await singapore.item(ROUTING))?.takeover.BOOL;

  /** An item under the secondary's routing key that the application never writes. */
  const forge = (): Promise<void> =>
    singapore.put({
      id: { S: ROUTING },
      takeover: { BOOL: true },
      revision: { S: "x" },
      events: { S: "nonsense\u001b[2J" },
      origin: { S: IRELAND },
      version: { N: "12345678901234567890123456789012345678" },
    });

  it("status reports an unreadable routing item with its content", async () => {
    await forge();
    const [, { takeover }] = (JSON.parse((await command("status", "--json")).out) as StatusReport).regions;
    assert.match(JSON.stringify(takeover), /routing-ap-southeast-1 is malformed: .*nonsense/);
    const { out } = await command("status");
    assert.match(out, /is malformed/);
    assert.ok(!out.includes("\u001b"));
  });

  it("failback replaces an unreadable routing item with --force only", async () => {
    await forge();
    const refused = await command("failback", "--minutes", "0");
    expectCode(refused, 2);
    assert.match(refused.errors, /is malformed: .*nonsense.* Nothing was changed\. To replace it: .*--force/);
    expectCode(await command("failback", "--force", "forged", "--dry-run"), 0);
    assert.equal((await singapore.item(ROUTING))?.revision.S, "x");
    expectCode(await command("failback", "--force", "forged"), 0);
    assert.equal(await hasTakenOver(), false);
    const { what, reason } = await lastEventOf(singapore);
    assert.deepEqual([what, reason], ["forced failback", "forged"]);
    expectCode(await command("failback", "--minutes", "0"), 0);
  });

  it("takeover replaces an unreadable routing item", async () => {
    await forge();
    const { code, out } = await command("takeover", "--reason", "Ireland burns", "--yes");
    assert.match(out, /nonsense.*The takeover replaces it\./);
    assert.equal(code, 0);
    assert.equal(await hasTakenOver(), true);
  });
});
