import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ticket } from "../../functions/tickets/ticket";
import { canHaveTags } from "../../local/pulumi/default-tags";
import { resourceNameOf, type EngineRun, type ResourceName } from "../../local/pulumi/engine/engine-run";
import { readRelease, type RecordedStack } from "./recorded-state/recorded-state";
import { restore } from "./recorded-state/restore";
import {
  aliasChanges,
  allChanges,
  functionsWithOtherCode,
  lostResources,
  uiChanges,
} from "./recorded-state/upgrade-changes";
import { describeWithEngine, useEngineCloud, type StackUnderTest } from "./support/engine-cloud";
import { LiveTraffic } from "./support/live-traffic";
import { regionClients, writeTickets } from "./support/region-tickets";
import { assertChanges, updatedInputs, type Changes } from "./support/transition";

/** Alarms on throttled writes of the indexes. */
const INDEX_ALARMS = ["ireland", "singapore"].flatMap((region) =>
  ["bystatus", "byassignee", "bystatusshard", "byassigneeshard"].map(
    (index) => `aws:cloudwatch/metricAlarm:MetricAlarm ${region}-index-throttles-${index}`,
  ),
);

const DIRECTIONS = ["ireland-to-singapore", "singapore-to-ireland"];
const VERSIONING = "bucketVersioning:BucketVersioning";
const ENCRYPTION = "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";

/** The index alarms; buckets keep versions, queues and topics have policies. */
const CREATED_IN_EVERY_STACK = [
  ...INDEX_ALARMS,
  ...DIRECTIONS.map((name) => `aws:sqs/queuePolicy:QueuePolicy ${name}-quarantine`),
  ...DIRECTIONS.map((name) => `aws:s3/${VERSIONING} ${name}-failures`),
  ...["bucketLifecycleConfiguration:BucketLifecycleConfiguration", ENCRYPTION, VERSIONING].flatMap((type) =>
    inBothRegions(`aws:s3/${type}`, "page"),
  ),
  ...inBothRegions("aws:sns/topicPolicy:TopicPolicy", "alarms"),
];

/**
 * What an upgrade from the recorded release changes besides the code of functions and the files of the web UI, by stack. A change of
 * the program that affects deployed resources is listed here, and so documents what the next release does to a live deployment.
 */
const CHANGES: Readonly<Record<string, Changes>> = {
  ireland: {
    ...changesOfEveryStack("ireland", "singapore", "global"),
    // The trail keeps its bucket, which the component of awsx created before, and records only writes to the tables.
    created: [
      ...CREATED_IN_EVERY_STACK,
      "aws:sns/topicPolicy:TopicPolicy routing-alarms",
      ...[
        "bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "bucketPublicAccessBlock:BucketPublicAccessBlock",
        ENCRYPTION,
        VERSIONING,
      ].map((type) => `aws:s3/${type} audit-trail`),
    ],
    updated: [
      ...changesOfEveryStack("ireland", "singapore", "global").updated,
      "aws:cloudtrail/trail:Trail audit-trail",
      // Only schedules of the default group may assume it.
      ...inBothRegions("aws:iam/role:Role", "sentinel-schedule"),
      // It gets accelerated recovery.
      "aws:route53/zone:Zone routing-zone",
      // A response of a bucket must be complete after 30 seconds, and an error is not cached.
      "aws:cloudfront/distribution:Distribution routing-page",
      // It can be one that another certificate of the account has created.
      "aws:route53/record:Record routing-certificate-validation",
      // It returns the alias of the primary.
      ...inBothRegions("aws:lambda/function:Function", "api-routing"),
    ],
  },
  // Without a domain, a distribution replaces the public websites.
  singapore: {
    ...changesOfEveryStack("ireland", "singapore"),
    created: [
      ...CREATED_IN_EVERY_STACK,
      "pulumi:providers:aws global",
      "aws:cloudfront/cachePolicy:CachePolicy routing-page-cache",
      "aws:cloudfront/distribution:Distribution routing-page",
      "aws:cloudfront/originAccessControl:OriginAccessControl routing-page-access",
      "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy routing-page-headers",
      "tickets:global:PageDistribution routing-page",
    ],
    updated: [
      ...changesOfEveryStack("ireland", "singapore").updated,
      ...inBothRegions("aws:s3/bucketPolicy:BucketPolicy", "page"),
      ...inBothRegions("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "page"),
    ],
    deleted: inBothRegions("aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration", "page"),
  },
};

/** @param providers names of the stack's providers. */
function changesOfEveryStack(...providers: string[]): Required<Pick<Changes, "updated" | "replaced">> {
  return {
    updated: [
      // They give every resource tags with its project and stack; see `taggedResources`.
      ...providers.map((name) => `pulumi:providers:aws ${name}`),
      // Encrypted with keys that AWS owns. The ticket tables get the sharded indexes.
      ...inBothRegions("aws:dynamodb/table:Table", "conflicts", "tickets"),
      // Their access logs are under /aws/vendedlogs/, and name the type of an error.
      ...inBothRegions("aws:apigatewayv2/stage:Stage", "api"),
      // Deleting a bucket with the web UI deletes the assets of earlier releases, too.
      ...inBothRegions("aws:s3/bucket:Bucket", "page"),
      // It knows that the sharded indexes are being added, and may query them as soon as they are read.
      ...inBothRegions("aws:lambda/function:Function", "api-list"),
      ...inBothRegions("aws:iam/rolePolicy:RolePolicy", "api-list"),
      // It looks up the conflict that an edit settles.
      ...inBothRegions("aws:lambda/function:Function", "api-update"),
      ...inBothRegions("aws:iam/rolePolicy:RolePolicy", "api-update"),
      // Only schedules of the default group may assume it.
      ...inBothRegions("aws:iam/role:Role", "heartbeat-schedule"),
      // Versions that redrive deleted expire, and so do their delete markers.
      ...DIRECTIONS.map(
        (name) => `aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration ${name}-failures`,
      ),
      // A heartbeat and a lag probe have sixteen items instead of one.
      ...inBothRegions("aws:iam/rolePolicy:RolePolicy", "heartbeat"),
      ...DIRECTIONS.map((name) => `aws:iam/rolePolicy:RolePolicy ${name}`),
      // Fewer batches run at once, so that the silence of one region does not use up the Lambda quota of the other.
      ...DIRECTIONS.map((name) => `aws:lambda/eventSourceMapping:EventSourceMapping ${name}-stream`),
    ],
    replaced: inBothRegions("aws:cloudwatch/logGroup:LogGroup", "api-access"),
  };
}

/** Code of a function, file of an object, and the tags of the provider. */
const CONTENTS = ["code", "source", "tagsAll"];
/** Inputs with which a function publishes versions, and its callers refer to its alias. */
const ALIASES = ["functionName", "integrationUri", "policy", "publish", "target"];

const release = readRelease();

for (const recorded of release.stacks)
  describeWithEngine(`an upgrade of the stack ${recorded.stack} from release ${release.version}`, () => {
    const cloud = useEngineCloud({ distributionSeconds: 2 });
    let stack: StackUnderTest;
    let upgrade: EngineRun;
    let tickets: readonly Ticket[];
    let contents: string;

    /** Returns the resources that can have tags. The recorded ones have no default tags. */
    function taggedResources(resources: RecordedStack["resources"], except: readonly string[]): string[] {
      const { resourceHandlers } = cloud().host.services;
      return resources
        .filter(({ type }) => type in resourceHandlers && canHaveTags(resourceHandlers[type]))
        .map(({ urn }) => resourceNameOf(urn))
        .filter((name) => !except.includes(name));
    }

    before("restores the recorded state", async () => {
      contents = mkdtempSync(join(tmpdir(), "tickets-contents-"));
      const { stack: name, config } = recorded;
      // The recorded tables have the older indexes only.
      stack = await cloud().openStack(name, { config: { ...config, "tickets:listIndexes": "adding" } });
      await restore({ cloud: cloud(), stack, directory: contents }, release, recorded);
      tickets = await writeTickets(await regionClients(stack), "written before the upgrade");
    });
    after(() => rmSync(contents, { recursive: true, force: true }));

    it("changes exactly what the program changes, and no client notices", async () => {
      const traffic = await LiveTraffic.start(cloud(), stack);
      const problems = await traffic.during(async () => {
        upgrade = await stack.up();
      });
      await traffic.stop();
      assert.deepEqual(problems, []);
      const { resources = [] } = await stack.state();
      const code = functionsWithOtherCode(recorded.resources, resources);
      const ui = uiChanges(
        recorded.resources,
        join(stack.program.directory, "ui", "dist"),
        aliasesOf(recorded),
      );
      const tagged = taggedResources(recorded.resources, [
        ...(CHANGES[recorded.stack].replaced ?? []),
        ...(ui.deleted ?? []),
      ]);
      const aliases = aliasChanges(recorded.resources);
      assertChanges(
        upgrade,
        allChanges(CHANGES[recorded.stack], aliases, { updated: [...code, ...tagged] }, ui),
      );
    });

    it("changes nothing but the code and callers of functions, the content of files and tags", () => {
      const { updated = [] } = CHANGES[recorded.stack];
      const operations = upgrade.operations.filter(({ resource }) => !updated.includes(resource));
      const others = updatedInputs({ ...upgrade, operations }).filter(
        (input) => ![...CONTENTS, ...ALIASES].includes(input),
      );
      assert.deepEqual(others, []);
    });

    it("keeps every table, bucket, zone, API and distribution", () => {
      assert.deepEqual(lostResources(upgrade), []);
    });

    it("keeps the tickets of both regions, and the regions take more", async () => {
      const clients = await regionClients(stack);
      for (const client of clients)
        for (const ticket of tickets) assert.deepEqual(await client.find(ticket.id), ticket);
      await writeTickets(clients, "written after the upgrade");
    });

    it("changes nothing in the second up", async () => {
      const second = await stack.up();
      assert.deepEqual([...new Set(second.operations.map(({ operation }) => operation))], ["same"]);
      assert.deepEqual(second.warnings, []);
    });
  });

/** @param names names of resources without the region. */
function inBothRegions(type: string, ...names: string[]): ResourceName[] {
  return ["ireland", "singapore"].flatMap((region) => names.map((name) => `${type} ${region}-${name}`));
}

function aliasesOf({ resources }: RecordedStack): string[] {
  return resources
    .filter(({ type }) => type === "tickets:regional:RegionalApp")
    .map(({ urn }) => urn.split("::")[3]);
}
