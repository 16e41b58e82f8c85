import assert from "node:assert/strict";
import type { DeployedRegion } from "../../../operations/cli/deployed-regions";
import { pausedReplication } from "../../../operations/drill/paused-replication";

const REGIONS = [
  { name: "ireland", code: "eu-west-1", table: "tickets-i" },
  { name: "singapore", code: "ap-southeast-1", table: "tickets-s" },
] as unknown as readonly DeployedRegion[];

describe("Replication that a drill pauses on AWS", () => {
  /** The mappings' states by region; a change takes two looks. */
  let states: Record<string, string>;
  let calls: string[];
  let mappings: number;
  let fails: string | undefined;
  /** So often a mapping still changes when it is told to. */
  let busy: number;
  let said: string[];
  /** How many lines had been said when the first mapping was told. */
  let saidBeforeUpdate: number | undefined;

  const runAws = async (args: readonly string[]): Promise<unknown> => {
    const [service, operation, , region, ...rest] = args;
    calls.push(`${operation} ${region} ${rest.join(" ")}`);
    if (service === "dynamodb") return { Table: { LatestStreamArn: `stream of ${rest[1]}` } };
    if (operation === "list-event-source-mappings")
      return { EventSourceMappings: Array.from({ length: mappings }, () => ({ UUID: `of ${rest[1]}` })) };
    if (operation === "update-event-source-mapping") {
      saidBeforeUpdate ??= said.length;
      if (fails === region) throw new Error("no such profile");
      if (busy-- > 0) throw new Error("An error occurred (ResourceInUseException) when calling it");
      states[region] = rest[2];
    }
    if (operation === "get-event-source-mapping" && states[region].startsWith("--"))
      return {
        State: [
          `${states[region]} soon`,
          (states[region] = states[region] === "--enabled" ? "Enabled" : "Disabled"),
        ][0],
      };
    return { State: states[region] };
  };

  beforeEach(() => {
    states = { "eu-west-1": "Enabled", "ap-southeast-1": "Enabled" };
    calls = [];
    mappings = 1;
    fails = undefined;
    busy = 0;
    said = [];
    saidBeforeUpdate = undefined;
  });
  const OPTIONS = { runAws, lookMs: 1, say: (line: string) => void said.push(line) };

  it("rests in both directions and goes on, both when the mappings say so", async () => {
    const replication = pausedReplication(REGIONS, OPTIONS);
    await replication.pause();
    assert.deepEqual(states, { "eu-west-1": "Disabled", "ap-southeast-1": "Disabled" });
    assert.ok(
      calls.includes("update-event-source-mapping eu-west-1 --uuid of stream of tickets-i --no-enabled"),
      calls.join("\n"),
    );
    await replication.resume();
    assert.deepEqual(states, { "eu-west-1": "Enabled", "ap-southeast-1": "Enabled" });
  });

  it("says before it rests how to have it go on, should nobody be left to do it", async () => {
    await pausedReplication(REGIONS, OPTIONS).pause();
    assert.deepEqual(said, [
      "Pausing replication. If this drill crashes before it resumes replication, run:",
      "  aws lambda update-event-source-mapping --region eu-west-1 --uuid of stream of tickets-i --enabled",
      "  aws lambda update-event-source-mapping --region ap-southeast-1 --uuid of stream of tickets-s --enabled",
    ]);
    assert.equal(saidBeforeUpdate, said.length);
  });

  it("tells a mapping again that is still changing", async () => {
    busy = 2;
    const replication = pausedReplication(REGIONS, OPTIONS);
    await replication.pause();
    assert.equal(states["eu-west-1"], "Disabled");
    assert.equal(calls.filter((call) => call.startsWith("update-event-source-mapping eu-west-1")).length, 3);
  });

  it("is left alone when it was not paused", async () => {
    await pausedReplication(REGIONS, OPTIONS).resume();
    assert.deepEqual(calls, []);
  });

  it("goes on where it was paused when the other region could not be, and again after a failure", async () => {
    const replication = pausedReplication(REGIONS, OPTIONS);
    fails = "ap-southeast-1";
    await assert.rejects(replication.pause(), /no such profile/);
    assert.equal(states["eu-west-1"], "Disabled");
    fails = "eu-west-1";
    await assert.rejects(replication.resume(), /no such profile/);
    fails = undefined;
    await replication.resume();
    assert.equal(states["eu-west-1"], "Enabled");
  });

  it("is refused when a table has another number of mappings than one", async () => {
    mappings = 2;
    await assert.rejects(pausedReplication(REGIONS, OPTIONS).pause(), {
      message: "The table of ireland has 2 event source mappings; a drill pauses exactly one.",
    });
    assert.deepEqual(states, { "eu-west-1": "Enabled", "ap-southeast-1": "Enabled" });
  });
});
