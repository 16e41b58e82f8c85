/*
 * Every run starts from the state that the previous one left, so that whatever a second run of a configuration would change appears in
 * the next row.
 */
import assert from "node:assert/strict";
import { resourceNameOf, type EngineRun, type ResourceName } from "../../local/pulumi/engine/engine-run";
import type { EngineAttempt, EngineState } from "../../local/pulumi/engine/engine-stack";
import { drainProgram } from "../support/mocked-program";
import { describeWithEngine, useEngineCloud, type StackUnderTest } from "./support/engine-cloud";
import { documentedCommands } from "./support/runbook";
import { assertChanges, assertOrder, position } from "./support/transition";
import { validateElsewhere } from "./support/validated-domain";

const DOMAIN = "tickets.test";
const ZONE = "aws:route53/zone:Zone routing-zone";
/** Commands that remove the domain. */
const REMOVAL = documentedCommands("docs/deploy.md", "Remove the domain");
const CERTIFICATE = "aws:acm/certificate:Certificate";
const DISTRIBUTION = "aws:cloudfront/distribution:Distribution routing-page";
const UI_RECORDS = ["a", "aaaa"].map(
  (type): ResourceName => `aws:route53/record:Record routing-page-${type}`,
);

const blocks = inBothRegions("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "page");
const policies = inBothRegions("aws:s3/bucketPolicy:BucketPolicy", "page");
const websites = inBothRegions("aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration", "page");
const configs = inBothRegions("aws:s3/bucketObjectv2:BucketObjectv2", "page-config");
/** Distribution, with all that only it needs. */
const distributed: ResourceName[] = [
  DISTRIBUTION,
  "aws:cloudfront/cachePolicy:CachePolicy routing-page-cache",
  "aws:cloudfront/originAccessControl:OriginAccessControl routing-page-access",
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy routing-page-headers",
  "pulumi:providers:aws global",
  "tickets:global:PageDistribution routing-page",
];
/** Resources with public websites that the distribution changes, and the other way round. */
const closed: ResourceName[] = [
  ...["pulumi:providers:aws ireland", "pulumi:providers:aws singapore"],
  ...blocks,
  ...policies,
] as ResourceName[];
/** What a domain changes so that `GET /routing` returns the alias of the primary. */
const routing = ["aws:lambda/function:Function", "aws:lambda/alias:Alias"].flatMap((type) =>
  inBothRegions(type, "api-routing"),
);
/** Resources of a stack without a domain that a domain changes. */
const changed: ResourceName[] = [
  ...routing,
  DISTRIBUTION,
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy routing-page-headers",
  ...configs,
];

describeWithEngine("a stack that gets a domain and loses it", () => {
  const cloud = useEngineCloud();
  let ireland: StackUnderTest;
  let singapore: StackUnderTest;
  /** First run without the domain. */
  let removal: EngineAttempt;
  let added: readonly ResourceName[];

  before(async () => {
    const without = await declared();
    added = (await declared(DOMAIN)).filter((name) => !without.includes(name));
    ireland = await cloud().openStack("ireland", { config: { "tickets:publicWebsite": "true" } });
    await ireland.up();
  });

  it("cannot be updated with public websites while a region is down, because the provider calls STS there", async () => {
    const { regions } = cloud().host;
    regions.setState("ireland", "down");
    const run = await ireland.tryUp();
    regions.setState("ireland", "up");
    assert.match(run.error?.message ?? "", /no endpoint of eu-west-1 responds/);
    assertChanges(run, {});
  });

  it("replaces public websites by the distribution, and closes them when it is deployed", async () => {
    const run = await up({ publicWebsite: undefined });
    assertChanges(run, { created: distributed, updated: closed, deleted: websites });
    assertClosedAfter(run, [DISTRIBUTION]);
  });

  it("creates the 81 resources of the domain and keeps every table, bucket, API and the distribution", async () => {
    const run = await up({ domainName: DOMAIN });
    assert.equal(added.length, 81);
    assertChanges(run, { created: added, updated: changed });
    for (const record of UI_RECORDS)
      assert.ok(position(run, "update", DISTRIBUTION) < position(run, "create", record));
  });

  it("cannot lose or replace its zone without a word: the preview names it, and nothing changes", async () => {
    const before = await ireland.state();
    for (const [domainName, refusal] of [
      [undefined, /resource "urn:.*routing-zone" cannot be deleted\nbecause it is protected/],
      [
        "other.test",
        /unable to replace resource "urn:.*routing-zone"\nas it is currently marked for protection/,
      ],
    ] as const)
      await assert.rejects(preview({ domainName }), refusal);
    assert.deepEqual(await ireland.state(), before);
    await assertUnchanged({ domainName: DOMAIN });
  });

  it("stops at certificates that are still in use when the domain is removed as documented", async () => {
    const [unprotect, ...others] = REMOVAL;
    assert.deepEqual(others, [
      "pulumi config rm tickets:domainName --stack ireland",
      "pulumi up --stack ireland",
    ]);
    await ireland.shell(unprotect);
    cloud().host.services.acm.setReleaseTime(60 * 60_000);
    removal = await ireland.tryUp({ config: withNamespace({ domainName: undefined }) });
    assert.match(removal.error?.message ?? "", /ResourceInUseException: .* is still in use by /);
    const { created, updated, replaced, failed } = removal;
    assert.ok(failed.length > 0 && failed.every((name) => name.startsWith(`${CERTIFICATE} `)), `${failed}`);
    assert.deepEqual([created, updated, replaced], [[], [...changed].sort(), []]);
    assertOrder(removal, "update", "delete");
  });

  it("has deleted the 81 resources after the next up, and leaves the zone in Route 53 with its validation record only", async () => {
    cloud().host.services.acm.setReleaseTime(0);
    const next = await up({});
    assert.deepEqual([next.created, next.updated, next.replaced, next.warnings], [[], [], [], []]);
    assert.deepEqual([...removal.deleted, ...next.deleted].sort(), [...added].sort());
    const both = { ...next, operations: [...removal.operations, ...next.operations] };
    const records = added.filter((name) => name.startsWith("aws:route53/record:Record "));
    for (const record of records)
      assert.ok(position(both, "delete", record) < position(both, "delete", ZONE));
    assert.deepEqual(zones(), [DOMAIN]);
    assert.deepEqual(recordsLeft(), ["CNAME", "NS"]);
    assertChanges(await preview({}), {});
  });

  it("opens public websites before it deletes the distribution that they replace", async () => {
    const run = await up({ publicWebsite: "true" });
    assertChanges(run, { created: websites, updated: closed, deleted: distributed });
    for (const opened of [...policies.map((policy) => position(run, "update", policy))])
      assert.ok(opened < position(run, "delete", DISTRIBUTION));
  });

  it("closes public websites only when the name of the web UI under a new domain resolves, in the zone that was left", async () => {
    const [{ zoneId }] = cloud().host.services.route53.zones();
    await validateElsewhere(cloud(), zoneId, DOMAIN);
    const run = await up({ publicWebsite: undefined, domainName: DOMAIN, hostedZoneId: zoneId });
    assertChanges(run, {
      created: [...distributed, ...added.filter((name) => name !== ZONE)],
      updated: [...closed, ...configs, ...routing],
      deleted: websites,
    });
    assertClosedAfter(run, [DISTRIBUTION, ...UI_RECORDS]);
  });

  it("shares no resource and no name with another stack in the same account", async () => {
    singapore = await cloud().openStack("singapore", {
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

  it("moves a created zone out of the stack, and changes no record", async () => {
    const [unprotect] = REMOVAL;
    await singapore.shell(unprotect.replaceAll("ireland", "singapore"));
    const { route53 } = cloud().host.services;
    const before = route53.zones();
    const hostedZoneId = before.find(({ name }) => name === "other.test")?.zoneId;
    const run = await singapore.up({ config: withNamespace({ hostedZoneId }) });
    assertChanges(run, { deleted: [ZONE] });
    assert.deepEqual(route53.zones(), before);
  });

  it("keeps an existing zone, with no record but the one by which other certificates renew, when the domain is removed", async () => {
    const run = await up({ domainName: undefined, hostedZoneId: undefined });
    assertChanges(run, { updated: changed, deleted: added.filter((name) => name !== ZONE) });
    assert.deepEqual(recordsLeft(), ["CNAME", "NS"]);
    assert.deepEqual(zones(), ["other.test", DOMAIN]);
  });

  function up(config: Config): Promise<EngineRun> {
    return ireland.up({ config: withNamespace(config) });
  }

  function preview(config: Config): Promise<EngineRun> {
    return ireland.preview({ config: withNamespace(config) });
  }

  async function assertUnchanged(config: Config): Promise<void> {
    assertChanges(await preview(config), {});
  }

  /** Returns the types of the records in the zone of the domain. */
  function recordsLeft(): string[] {
    const zones = cloud().host.services.route53.zones();
    const records = zones.find(({ name }) => name === DOMAIN)?.records ?? [];
    return records.map(({ type }) => type).sort();
  }

  /** Returns the names of the existing zones. */
  function zones(): string[] {
    const all = cloud().host.services.route53.zones();
    return all.map(({ name }) => name).sort();
  }
});

/** Changes of the configuration by key; undefined selects the default. */
type Config = Readonly<Record<string, string | undefined>>;

function withNamespace(config: Config): Config {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [`tickets:${key}`, value]));
}

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

/** Asserts that websites close after the creation of what replaces them: first their block, then their policy, at last the endpoint. */
function assertClosedAfter(run: EngineRun, replacements: readonly ResourceName[]): void {
  for (const [index, block] of blocks.entries()) {
    const blocked = position(run, "update", block);
    for (const replacement of replacements) assert.ok(position(run, "create", replacement) < blocked);
    assert.ok(blocked < position(run, "update", policies[index]));
    assert.ok(position(run, "update", policies[index]) < position(run, "delete", websites[index]));
  }
}

/** Returns what identifies each resource of a stack in its account: the ARN, or the id where the type has none. */
function identities({ resources = [] }: EngineState): Set<string> {
  const own = resources.filter(({ custom, type }) => custom === true && !type.startsWith("pulumi:"));
  return new Set(own.map(({ type, id, outputs }) => `${type} ${String(outputs?.arn ?? id)}`));
}
