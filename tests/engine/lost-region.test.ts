/* The steps of the runbook that replace a region that is lost for good, from the loss to the return of service by the new region. */
import assert from "node:assert/strict";
import type { EngineRun } from "../../local/pulumi/engine/engine-run";
import { RegionClient } from "../support/region-client";
import { waitFor } from "../support/wait-for";
import { describeWithEngine, useEngineCloud, type StackUnderTest } from "./support/engine-cloud";
import { reconcileRegions, type RegionOutputs } from "./support/reconcile-regions";
import { runbookCommands } from "./support/runbook";

const REGIONS = [
  { name: "ireland", code: "eu-west-1" },
  { name: "singapore", code: "ap-southeast-1" },
  { name: "frankfurt", code: "eu-central-1" },
];

describeWithEngine("a region that is lost for good", () => {
  const cloud = useEngineCloud({ regions: REGIONS, speed: 10 });
  const commands = runbookCommands("Replace a region");
  const tickets: string[] = [];
  let stack: StackUnderTest;
  /** Outputs that the operator has saved before the loss. */
  let saved: RegionOutputs;
  /** Ticket that the lost region accepted, but did not replicate. */
  let late: string;

  before(async () => {
    stack = await cloud().openStack("ireland", { config: { "tickets:domainName": "tickets.test" } });
    await stack.up();
    saved = await outputs();
    const clients = ["ireland", "singapore"].map((region) => new RegionClient(saved[region].api));
    for (const client of clients) tickets.push((await client.create("written before the loss")).id);
    for (const client of clients) await waitForTickets(client);
    const { regions } = cloud().host;
    regions.setState("singapore", "isolated");
    late = (await clients[1].create("not replicated")).id;
    regions.setState("singapore", "down");
  });

  it("leaves the state with the commands of the runbook, except for its IAM roles", async () => {
    const [exportState, forget, importState] = commands;
    const before = await stack.state();
    for (const command of [exportState, forget, importState]) await stack.shell(command);
    const { resources = [] } = await stack.state();
    const names = new Set(resources.map(({ urn }) => urn));
    const forgotten = (before.resources ?? []).filter(({ urn }) => !names.has(urn));
    const ofSingapore = ({ provider = "" }: { provider?: string }): boolean =>
      provider.includes("::pulumi:providers:aws::singapore::");
    assert.ok(forgotten.length > 50 && forgotten.every(ofSingapore));
    const left = resources.filter(ofSingapore);
    assert.ok(left.length > 0 && left.every(({ type }) => type.startsWith("aws:iam/")));
  });

  it("is replaced by the next up, which changes nothing that serves in Ireland and deletes only what belonged to it", async () => {
    const [, , , ...rest] = commands;
    const configuration = rest.filter((command) => command.startsWith("pulumi config set"));
    assert.deepEqual(rest.slice(configuration.length), [
      "pulumi up --stack ireland",
      "npm run reconcile -- --stack ireland",
    ]);
    for (const command of configuration) await stack.shell(command);
    const regions = (await stack.shell("pulumi config get tickets:regions --stack ireland")).trim();
    const run = await stack.up({ config: { "tickets:regions": regions } });
    assert.deepEqual([run.replaced, run.warnings], [[], []]);
    assertNames(run, "created", /frankfurt/);
    assertNames(run, "deleted", /singapore/);
    const updated = run.updated.filter((name) => /:(Table|Zone) /.test(name));
    assert.deepEqual(updated, []);
    assert.deepEqual(Object.keys(await outputs()).sort(), ["frankfurt", "ireland"]);
  });

  it("has a successor with every ticket once reconcile finds equal tables", async () => {
    const deployed = await outputs();
    // Heartbeats are written all the time, so one run may find one that is in flight.
    await waitFor(
      async () => {
        const { repaired, failed } = await reconcileRegions(cloud(), {
          aliases: ["ireland", "frankfurt"],
          outputs: deployed,
        });
        return Object.keys(repaired).length === 0 && failed === 0;
      },
      { what: "equal tables", withinMs: 120_000 },
    );
    const frankfurt = new RegionClient(deployed.frankfurt.api);
    await waitForTickets(frankfurt);
    tickets.push((await frankfurt.create("written after the replacement")).id);
    await waitForTickets(new RegionClient(deployed.ireland.api));
  });

  it("has a successor to which the clients fail over", async () => {
    const { regions, services } = cloud().host;
    const address = (): string => services.route53.resolve("api.tickets.test", "A")[0]?.data;
    assert.equal(address(), regions.byName("ireland").address);
    regions.setState("ireland", "down");
    await waitFor(() => address() === regions.byName("frankfurt").address, {
      what: "the failover",
      withinMs: 120_000,
    });
    regions.setState("ireland", "up");
  });

  it("cannot write when it returns after all, and its last writes are copied with the saved outputs", async () => {
    cloud().host.regions.setState("singapore", "up");
    await assert.rejects(new RegionClient(saved.singapore.api).create("from a region without roles"));
    const ireland = new RegionClient(saved.ireland.api);
    assert.equal(await ireland.find(late), undefined);
    await reconcileRegions(cloud(), { aliases: ["ireland", "singapore"], outputs: saved });
    assert.equal((await ireland.find(late))?.subject, "not replicated");
  });

  async function outputs(): Promise<RegionOutputs> {
    return ((await stack.outputs()) as { regions: RegionOutputs }).regions;
  }

  async function waitForTickets(client: RegionClient): Promise<void> {
    for (const id of tickets) await waitFor(() => client.find(id), { what: `the ticket ${id}` });
  }
});

/** Asserts that every resource of a kind has a matching name, and that there is one. */
function assertNames(run: EngineRun, kind: "created" | "deleted", pattern: RegExp): void {
  assert.deepEqual(
    run[kind].filter((name) => !pattern.test(name)),
    [],
    `Unexpected among the ${kind} resources.`,
  );
  assert.ok(run[kind].length > 0);
}
