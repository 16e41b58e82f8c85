import assert from "node:assert/strict";
import { heartbeatIds, lagProbeIds } from "../../../functions/shared/reserved-items";
import { shardOfKey } from "../../../local/aws/dynamodb/streams/stream";
import type { StatusReport } from "../../../operations/status/report";
import type { RunningCloud } from "../../../testing/running-cloud";
import { IRELAND, SINGAPORE } from "../../../testing/tickets";
import { useLocalCloud } from "../../support/use-local-cloud";
import { waitFor } from "../../support/wait-for";
import { type CommandResult, runHere } from "../support/run-command";

const SHARDS = 4;
const shardsOf = (ids: readonly string[]): number[] => ids.map((id) => shardOfKey({ S: id }, SHARDS));
/** Shard of neither the first heartbeat nor the first lag probe of Singapore, which an earlier version judged by alone. */
const BLOCKED = [0, 1, 2, 3].find(
  (shard) => !shardsOf([`heartbeat-${SINGAPORE}`, `lag-probe-${SINGAPORE}`]).includes(shard),
) as number;

describe("A stream with four shards, one of which is blocked", function () {
  this.timeout(240_000);
  let cloud: RunningCloud;
  useLocalCloud(["--speed", "20", "--shards", String(SHARDS)], (running) => ({ cloud } = running));

  const here = (): string => `--local=${cloud.addresses.console}`;
  const command = (...args: string[]): Promise<CommandResult> => runHere([...args, here()]);
  const block = async (blocked: boolean): Promise<void> => {
    const init = { method: "POST", headers: { "content-type": "application/json" } };
    const url = `${cloud.addresses.console}/regions/singapore/shards/${BLOCKED}`;
    assert.ok((await fetch(url, { ...init, body: JSON.stringify({ blocked }) })).ok);
  };
  const fromSingapore = async (): Promise<StatusReport["replication"][number] & { concerns: string[] }> => {
    const report = JSON.parse((await command("status", "--json")).out) as StatusReport & {
      concerns: string[];
    };
    const direction = report.replication.find(({ from }) => from === "singapore");
    return { ...(direction as StatusReport["replication"][number]), concerns: report.concerns };
  };
  const isInSync = async (): Promise<boolean> => {
    const { behindSeconds } = await fromSingapore();
    return "value" in behindSeconds && behindSeconds.value < 5;
  };
  const lagGate = async (): Promise<string> => {
    const { out } = await command("failback", "--dry-run", "--minutes", "0", "--max-lag", "10");
    return out.split("\n").find((line) => line.includes("writes in singapore reach ireland")) ?? out;
  };

  const waitForOpenGate = (): Promise<unknown> =>
    waitFor(async () => /^ok {6}writes in singapore reach ireland within 10\.0 s: \d/.test(await lagGate()), {
      what: "an open gate on lag",
      withinMs: 90_000,
    });

  it("has heartbeats and lag probes in every shard", () => {
    for (const ids of [IRELAND, SINGAPORE].flatMap((region) => [heartbeatIds(region), lagProbeIds(region)]))
      assert.equal(new Set(shardsOf(ids)).size, SHARDS, ids[0]);
  });

  it("is in sync while no shard is blocked, and the failback gate on lag is open", async () => {
    await waitFor(isInSync, { what: "heartbeats in all shards", withinMs: 60_000 });
    const takeOver = ["takeover", "--reason", "A shard is blocked", "--yes"];
    // On a busy machine, a request of the health check or a write can take too long.
    await waitFor(async () => (await command(...takeOver)).code === 0, {
      what: "a takeover by a healthy region",
      withinMs: 60_000,
    });
    await waitForOpenGate();
  });

  it("is reported as behind, and keeps the failback gate on lag closed", async () => {
    await block(true);
    const concern = /^Replication from singapore to ireland is \d+ s behind/;
    await waitFor(async () => (await fromSingapore()).concerns.some((text) => concern.test(text)), {
      what: "the concern about the lag",
      withinMs: 60_000,
    });
    const { iteratorAgeSeconds } = await fromSingapore();
    assert.ok(iteratorAgeSeconds && "value" in iteratorAgeSeconds && iteratorAgeSeconds.value > 0);
    assert.match(
      await lagGate(),
      /^NOT OK {2}writes in singapore reach ireland within 10\.0 s: timed out after 30\.0 s, \d+ of 16 writes did not arrive/,
    );
  });

  it("is in sync again when the shard continues", async () => {
    await block(false);
    await waitFor(isInSync, { what: "the heartbeats of the blocked shard", withinMs: 60_000 });
    await waitForOpenGate();
  });
});
