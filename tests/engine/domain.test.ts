/*
 * Every run starts from the state that the previous one left, so that whatever a second run of a configuration would change appears in
 * the next row.
 */
import assert from "node:assert/strict";
import { resourceNameOf, type EngineRun, type ResourceName } from "../../local/pulumi/engine/engine-run";
import type { EngineState } from "../../local/pulumi/engine/engine-stack";
import { drainProgram } from "../support/mocked-program";
import { describeWithEngine, useEngineCloud, type StackUnderTest } from "./support/engine-cloud";
import { assertChanges, assertOrder } from "./support/transition";

const DOMAIN = "tickets.test";
const ZONE = "aws:route53/zone:Zone routing-zone";
const EXISTING_ZONE = "Z0EXISTING";
const DISTRIBUTION = "aws:cloudfront/distribution:Distribution routing-page";

const blocks = inBothRegions("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "page");
const websites = inBothRegions("aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration", "page");
/** Resources of a stack without a domain that a domain changes. */
const changed = [
  ...["pulumi:providers:aws ireland", "pulumi:providers:aws singapore"],
  ...inBothRegions("aws:s3/bucketObjectv2:BucketObjectv2", "page-config"),
  ...inBothRegions("aws:s3/bucketPolicy:BucketPolicy", "page"),
  ...blocks,
];

describeWithEngine("a stack that gets a domain and loses it", () => {
  const cloud = useEngineCloud();
  let ireland: StackUnderTest;
  let added: readonly ResourceName[];

  before(async () => {
    const without = await declared();
    added = (await declared(DOMAIN)).filter((name) => !without.includes(name));
    ireland = await cloud().openStack("ireland");
    await ireland.up();
  });

  it("cannot be updated without a domain while a region is down, because the provider calls STS there", async () => {
    const { regions } = cloud().host;
    regions.setState("ireland", "down");
    const run = await ireland.tryUp();
    regions.setState("ireland", "up");
    assert.match(run.error?.message ?? "", /no endpoint of eu-west-1 responds/);
    assertChanges(run, {});
  });

  it("creates the 84 resources of the domain and keeps every table, bucket and API", async () => {
    const run = await up({ domainName: DOMAIN });
    assert.equal(added.length, 84);
    assertChanges(run, { created: added, updated: changed, deleted: websites });
    assertOrder(run, "create", "delete");
  });

  it("deletes the 84 resources when the domain is removed, its own zone last of the DNS", async () => {
    const run = await up({ domainName: undefined });
    assertChanges(run, { created: websites, updated: changed, deleted: added });
    assertOrder(run, "create", "delete");
    const records = added.filter((name) => name.startsWith("aws:route53/record:Record "));
    for (const record of records) assert.ok(position(run, "delete", record) < position(run, "delete", ZONE));
    assert.deepEqual(zones(), []);
  });

  it("closes the websites before the distribution that replaces them exists", async () => {
    // The web UI is reachable at neither address in between, which on AWS takes until the certificates are issued.
    cloud().host.services.route53.adoptZone(EXISTING_ZONE, DOMAIN);
    const run = await up({ domainName: DOMAIN, hostedZoneId: EXISTING_ZONE });
    for (const block of blocks)
      assert.ok(position(run, "update", block) < position(run, "create", DISTRIBUTION));
    assertChanges(run, {
      created: added.filter((name) => name !== ZONE),
      updated: changed,
      deleted: websites,
    });
  });

  it("shares no resource and no name with another stack in the same account", async () => {
    const singapore = await cloud().openStack("singapore", {
      config: { "tickets:domainName": "other.test" },
    });
    assertChanges(await singapore.up(), {
      created: [...(await declared("other.test", "singapore")), stackOf("singapore")],
    });
    const [ours, theirs] = [identities(await ireland.state()), identities(await singapore.state())];
    assert.deepEqual(
      [...ours].filter((identity) => theirs.has(identity)),
      [],
    );
    assert.ok(ours.size > 200 && theirs.size > 200, `${ours.size} and ${theirs.size} resources`);
  });

  it("keeps an existing zone, without the records of the stack, when the domain is removed", async () => {
    const run = await up({ domainName: undefined, hostedZoneId: undefined });
    assertChanges(run, {
      created: websites,
      updated: changed,
      deleted: added.filter((name) => name !== ZONE),
    });
    const { route53 } = cloud().host.services;
    const kept = route53.zones().find(({ zoneId }) => zoneId === EXISTING_ZONE);
    assert.deepEqual(kept?.records, [{ name: DOMAIN, type: "NS" }]);
    assert.deepEqual(zones(), [EXISTING_ZONE, "other.test"]);
  });

  function up(config: Readonly<Record<string, string | undefined>>): Promise<EngineRun> {
    const entries = Object.entries(config).map(([key, value]) => [`tickets:${key}`, value]);
    return ireland.up({ config: Object.fromEntries(entries) as Record<string, string | undefined> });
  }

  /** Returns the existing zones: the adopted one by its id, others by name. */
  function zones(): string[] {
    const all = cloud().host.services.route53.zones();
    return all.map(({ zoneId, name }) => (zoneId === EXISTING_ZONE ? zoneId : name)).sort();
  }
});

/** Returns the names of the resources that the program declares. */
async function declared(domainName?: string, stack = "ireland"): Promise<ResourceName[]> {
  const { resources } = await drainProgram({ stack, config: { "tickets:domainName": domainName } });
  return resources.map(({ urn }) => resourceNameOf(urn));
}

function stackOf(name: string): ResourceName {
  return `pulumi:pulumi:Stack tickets-${name}`;
}

function inBothRegions(type: string, suffix: string): ResourceName[] {
  return ["ireland", "singapore"].map((region) => `${type} ${region}-${suffix}`);
}

/** Returns the position of an operation in the order of a run. @throws AssertionError if the run does not contain it. */
function position({ operations }: EngineRun, operation: string, resource: ResourceName): number {
  const index = operations.findIndex((one) => one.operation === operation && one.resource === resource);
  assert.notEqual(index, -1, `The run has no ${operation} of ${resource}.`);
  return index;
}

/** Returns what identifies each resource of a stack in its account: the ARN, or the id where the type has none. */
function identities({ resources = [] }: EngineState): Set<string> {
  const own = resources.filter(({ custom, type }) => custom === true && !type.startsWith("pulumi:"));
  return new Set(own.map(({ type, id, outputs }) => `${type} ${String(outputs?.arn ?? id)}`));
}
