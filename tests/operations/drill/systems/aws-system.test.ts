import assert from "node:assert/strict";
import type { DeployedRegion } from "../../../../operations/cli/deployed-regions";
import { pausedReplication } from "../../../../operations/drill/systems/aws-system";
import type { Arrivals } from "../../../../operations/drill/systems/replication-probe";

const REGIONS = [
  { name: "ireland", code: "eu-west-1", table: "tickets-i" },
  { name: "singapore", code: "ap-southeast-1", table: "tickets-s" },
] as unknown as readonly DeployedRegion[];

describe("Replication paused on AWS", () => {
  /** States of the mappings by region. A change takes two reads. */
  let states: Record<string, string>;
  let calls: string[];
  let mappings: number;
  let fails: string | undefined;
  /** Updates that fail because another change is in progress. */
  let busy: number;
  let printed: string[];
  /** Lines printed before the first update. */
  let printedBeforeUpdate: number | undefined;

  const runAws = async (args: readonly string[]): Promise<unknown> => {
    const [service, operation, , region, ...rest] = args;
    calls.push(`${operation} ${region} ${rest.join(" ")}`);
    if (service === "dynamodb") return { Table: { LatestStreamArn: `stream of ${rest[1]}` } };
    if (operation === "list-event-source-mappings")
      return { EventSourceMappings: Array.from({ length: mappings }, () => ({ UUID: `of ${rest[1]}` })) };
    if (operation === "update-event-source-mapping") {
      printedBeforeUpdate ??= printed.length;
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
    printed = [];
    printedBeforeUpdate = undefined;
    late = 0;
    probed = [];
  });
  /** Probes that still arrive after a mapping is disabled, or do not yet after it is enabled. */
  let late: number;
  let probed: string[];
  const probeArrives = async ({ code }: { code: string }): Promise<Arrivals> => {
    probed.push(`${code} ${states[code]}`);
    const isEnabled = states[code] === "Enabled";
    // The mapping stops or starts one shard after the other.
    return late-- > 0 ? (late % 2 ? "some" : isEnabled ? "none" : "all") : isEnabled ? "all" : "none";
  };
  const limits = { arrival: 1, change: 60_000 };
  const OPTIONS = {
    runAws,
    probeArrives,
    limits,
    pollMs: 1,
    print: (line: string) => void printed.push(line),
  };

  it("pauses and resumes both directions, and waits for the states of the mappings", async () => {
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

  it("waits for probes instead of the state, which changes before the effect", async () => {
    const replication = pausedReplication(REGIONS, OPTIONS);
    late = 2;
    await replication.pause();
    const [ireland, singapore] = ["eu-west-1 Disabled", "ap-southeast-1 Disabled"];
    assert.deepEqual(probed.splice(0), [ireland, ireland, ireland, ireland, singapore, singapore]);
    late = 1;
    await replication.resume();
    assert.deepEqual(probed, ["eu-west-1 Enabled", "eu-west-1 Enabled", "ap-southeast-1 Enabled"]);
  });

  it("does not take a single probe that is late for the pause", async () => {
    const arrivals: Arrivals[] = ["none", "all", "none", "some", "none", "none", "none", "none"];
    const probes = arrivals.values();
    const replication = pausedReplication(REGIONS, {
      ...OPTIONS,
      probeArrives: async () => probes.next().value as Arrivals,
    });
    await replication.pause();
    assert.equal(probes.next().done, true);
  });

  it("reports that writes still arrive, and that none does, after the time limit", async () => {
    const replication = pausedReplication(REGIONS, { ...OPTIONS, limits: { arrival: 1, change: 0 } });
    late = 1;
    await assert.rejects(replication.pause(), /Writes of ireland still arrive in the other region/);
    late = 1;
    await assert.rejects(replication.resume(), /Writes of ireland do not arrive in the other region/);
    assert.deepEqual(states, { "eu-west-1": "Enabled", "ap-southeast-1": "Enabled" });
  });

  it("prints the commands that resume replication before it pauses", async () => {
    await pausedReplication(REGIONS, OPTIONS).pause();
    assert.deepEqual(printed, [
      "Pausing replication. If this drill crashes before it resumes replication, run:",
      "  aws lambda update-event-source-mapping --region eu-west-1 --uuid of stream of tickets-i --enabled",
      "  aws lambda update-event-source-mapping --region ap-southeast-1 --uuid of stream of tickets-s --enabled",
    ]);
    assert.equal(printedBeforeUpdate, printed.length);
  });

  it("retries an update while another change is in progress", async () => {
    busy = 2;
    const replication = pausedReplication(REGIONS, OPTIONS);
    await replication.pause();
    assert.equal(states["eu-west-1"], "Disabled");
    assert.equal(calls.filter((call) => call.startsWith("update-event-source-mapping eu-west-1")).length, 3);
  });

  it("resumes nothing that it did not pause", async () => {
    await pausedReplication(REGIONS, OPTIONS).resume();
    assert.deepEqual(calls, []);
  });

  it("resumes the paused direction when the other could not be paused, and retries after a failure", async () => {
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

  it("rejects a table that does not have exactly one mapping", async () => {
    mappings = 2;
    await assert.rejects(pausedReplication(REGIONS, OPTIONS).pause(), {
      message: "The table of ireland has 2 event source mappings; a drill pauses exactly one.",
    });
    assert.deepEqual(states, { "eu-west-1": "Enabled", "ap-southeast-1": "Enabled" });
  });
});
