import assert from "node:assert/strict";
import { canHaveTags } from "../../../local/pulumi/default-tags";
import { resourceNameOf, type ResourceName } from "../../../local/pulumi/engine/engine-run";
import { deliverRecord, recordsOf } from "../support/bucket-records";
import type { EngineCloud, StackUnderTest } from "../support/engine-cloud";
import { assertChanges, assertOrder, ofType, updatedInputs } from "../support/transition";

const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const TABLE = "aws:dynamodb/table:Table";

/** One subscription per region, and one in us-east-1 for the alarms of Route 53. */
const SUBSCRIPTIONS = ["ireland-alarms", "routing-alarms", "singapore-alarms"].map(
  (name) => `${SUBSCRIPTION} ${name}`,
);
const TABLES = ["ireland-conflicts", "ireland-tickets", "singapore-conflicts", "singapore-tickets"].map(
  (name) => `${TABLE} ${name}`,
);
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const KMS_KEYS = {
  ireland: "arn:aws:kms:eu-west-1:000000000000:key/00000000-0000-0000-0000-000000000001",
  singapore: "arn:aws:kms:ap-southeast-1:000000000000:key/00000000-0000-0000-0000-000000000002",
};
/** Queues and buckets that store tickets. */
const ENCRYPTED = ["ireland-to-singapore", "singapore-to-ireland"].flatMap((name) => [
  `aws:sqs/queue:Queue ${name}-quarantine`,
  `aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration ${name}-failures`,
]);
const AUDIT_BUCKET = "aws:s3/bucket:Bucket audit-trail";
const AUDIT_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration audit-trail";
/** Parts of the audit trail whose order matters, in the order of their creation. */
const AUDIT_TRAIL = [
  AUDIT_BUCKET,
  "aws:s3/bucketPolicy:BucketPolicy audit-trail",
  "aws:cloudtrail/trail:Trail audit-trail",
];
/** Components of the audit trail, and providers that the engine adds for its remote component. */
const AROUND_AUDIT_TRAIL =
  /^(tickets:global:AuditTrail|awsx:cloudtrail:Trail|pulumi:providers:(awsx|pulumi)) /;

/** Rows of changed settings. They end with every option on and the data protected. */
export function settingsRows(cloud: () => EngineCloud, stack: () => StackUnderTest): void {
  const change = (key: string, value: string | undefined): ReturnType<StackUnderTest["up"]> =>
    stack().up({ config: { [`tickets:${key}`]: value } });

  describe("alarmEmail", () => {
    it("adds a subscription per topic when it is set", async () => {
      assertChanges(await change("alarmEmail", "operators@example.com"), { created: SUBSCRIPTIONS });
      assertChanges(await stack().preview(), {});
    });

    it("replaces the subscriptions when it changes: the new address is subscribed before the old one is removed", async () => {
      const run = await change("alarmEmail", "team@example.com");
      assertChanges(run, { replaced: SUBSCRIPTIONS });
      assertOrder(run, "create-replacement", "delete-replaced");
    });

    it("removes the subscriptions when it is removed", async () => {
      assertChanges(await change("alarmEmail", undefined), { deleted: SUBSCRIPTIONS });
      assertChanges(await stack().preview(), {});
    });
  });

  describe("logRetentionDays", () => {
    it("updates every log group in place, and nothing else", async () => {
      const run = await change("logRetentionDays", "90");
      const { resources = [] } = await stack().state();
      const groups = resources.filter(({ type }) => type === LOG_GROUP);
      assert.ok(groups.length > 0);
      assertChanges(run, { updated: groups.map(({ urn }) => `${LOG_GROUP} ${urn.split("::").pop()}`) });
      assert.deepEqual(updatedInputs(run), ["retentionInDays"]);
      assertChanges(await stack().preview(), {});
    });

    it("updates the same log groups back", async () => {
      const run = await change("logRetentionDays", undefined);
      assertChanges(run, { updated: ofType(LOG_GROUP, run.updated) });
      assert.deepEqual(updatedInputs(run), ["retentionInDays"]);
    });
  });

  describe("auditTrail", () => {
    const turnedOn = (created: readonly ResourceName[]): ResourceName[] => [
      ...[...AUDIT_TRAIL, AUDIT_LIFECYCLE],
      ...aroundAuditTrail(created),
    ];
    let bucket: string;

    it("creates the bucket, its policy and then the trail when it is turned on", async () => {
      const run = await change("auditTrail", "true");
      assertChanges(run, { created: turnedOn(run.created) });
      assert.deepEqual(inOrder(run.operations, "create"), AUDIT_TRAIL);
      assertChanges(await stack().preview(), {});
    });

    it("is not moved by another order of the regions, or another primary", async () => {
      bucket = await auditBucketOf(stack());
      const regions = [
        { name: "singapore", code: "ap-southeast-1" },
        { name: "ireland", code: "eu-west-1" },
      ];
      const run = await stack().up({
        config: { "tickets:regions": JSON.stringify(regions), "tickets:primary": "singapore" },
      });
      const all = [...run.created, ...run.updated, ...run.replaced, ...run.deleted];
      assert.deepEqual(
        all.filter((name) => /audit-trail$/.test(name)),
        [],
      );
      await stack().up({ config: { "tickets:regions": undefined, "tickets:primary": undefined } });
      assert.equal(await auditBucketOf(stack()), bucket);
      assertChanges(await stack().preview(), {});
    });

    it("changes in place what the trail records, and for how long", async () => {
      const run = await stack().up({
        config: { "tickets:auditManagementEvents": "true", "tickets:auditRetentionDays": "90" },
      });
      assertChanges(run, { updated: [AUDIT_TRAIL[2], AUDIT_LIFECYCLE] });
      assert.deepEqual(updatedInputs(run), ["advancedEventSelectors", "rules"]);
      await stack().up({
        config: { "tickets:auditManagementEvents": undefined, "tickets:auditRetentionDays": undefined },
      });
    });

    it("deletes the trail when it is turned off, and leaves the bucket with its records and their expiry", async () => {
      await deliverRecord(cloud(), bucket);
      const run = await change("auditTrail", "false");
      assertChanges(run, { deleted: turnedOn(run.deleted) });
      assert.deepEqual(inOrder(run.operations, "delete"), [...AUDIT_TRAIL].reverse());
      const left = (await cloud().ledger.existing()).filter(({ name }) => name === "audit-trail");
      assert.deepEqual(
        left.map(({ type, id }) => [`${type} audit-trail`, id]).sort(),
        [
          [AUDIT_BUCKET, bucket],
          [AUDIT_LIFECYCLE, bucket],
        ].sort(),
      );
      assert.deepEqual(await recordsOf(cloud(), bucket), 1);
      assertChanges(await stack().preview(), {});
    });

    it("creates another bucket when it is turned on again", async () => {
      const run = await change("auditTrail", "true");
      assertChanges(run, { created: turnedOn(run.created) });
      assert.notEqual(await auditBucketOf(stack()), bucket);
      assertChanges(await stack().preview(), {});
    });
  });

  describe("kmsKeys", () => {
    it("changes the key of every table, queue and failure bucket in place, and the roles that use them", async () => {
      const run = await change("kmsKeys", JSON.stringify(KMS_KEYS));
      const policies = ofType(ROLE_POLICY, run.updated);
      assert.ok(policies.length > 20, `${policies.length}`);
      assertChanges(run, { updated: [...TABLES, ...ENCRYPTED, ...policies] });
      assert.deepEqual(updatedInputs(run), [
        ...["kmsMasterKeyId", "policy", "rules", "serverSideEncryption.enabled"],
        ...["serverSideEncryption.kmsKeyArn", "sqsManagedSseEnabled"],
      ]);
      assertChanges(await stack().preview(), {});
      assertChanges(await stack().refresh(), {});
    });

    it("changes them back to keys that AWS owns", async () => {
      const run = await change("kmsKeys", undefined);
      assertChanges(run, { updated: [...TABLES, ...ENCRYPTED, ...ofType(ROLE_POLICY, run.updated)] });
      assertChanges(await stack().refresh(), {});
      assertChanges(await stack().preview(), {});
    });
  });

  describe("defaultTags", () => {
    it("tags every resource that can have tags in place, besides the tags of the program", async () => {
      const { resources = [] } = await stack().state();
      const { resourceHandlers } = cloud().host.services;
      const taggable = resources.filter(
        ({ type }) => type in resourceHandlers && canHaveTags(resourceHandlers[type]),
      );
      const run = await change("defaultTags", JSON.stringify({ team: "support", "cost-center": "12" }));
      assertChanges(run, {
        updated: [
          ...taggable.map(({ urn }) => resourceNameOf(urn)),
          ...["ireland", "singapore", "global"].map((name) => `pulumi:providers:aws ${name}`),
        ],
      });
      assert.deepEqual(updatedInputs(run), ["defaultTags", "tagsAll"]);
      const { resources: after = [] } = await stack().state();
      const expected = {
        ...{ "cost-center": "12", team: "support" },
        ...{ "pulumi:project": "tickets", "pulumi:stack": "ireland" },
      };
      for (const { urn, outputs } of after.filter(({ outputs: all }) => all?.tagsAll !== undefined)) {
        const { Name, ...tags } = outputs?.tagsAll as Record<string, string>;
        assert.deepEqual(tags, expected, `${urn} ${Name}`);
      }
      assertChanges(await stack().refresh(), {});
      assertChanges(await stack().preview(), {});
    });

    it("removes them when they are removed", async () => {
      const run = await change("defaultTags", undefined);
      assert.deepEqual(updatedInputs(run), ["defaultTags", "tagsAll"]);
      assert.deepEqual([run.created, run.replaced, run.deleted], [[], [], []]);
      assertChanges(await stack().preview(), {});
    });
  });

  describe("protectData", () => {
    it("updates the tables when it is turned off", async () => {
      const run = await change("protectData", "false");
      assertChanges(run, { updated: TABLES });
      assert.deepEqual(updatedInputs(run), ["deletionProtectionEnabled"]);
      assert.deepEqual(
        await protectionOf(stack()),
        TABLES.map((name) => [name, false, false]),
      );
      assertChanges(await stack().preview(), {});
    });

    it("updates them back when it is turned on, for Pulumi and for AWS", async () => {
      const run = await change("protectData", "true");
      assertChanges(run, { updated: TABLES });
      assert.deepEqual(
        await protectionOf(stack()),
        TABLES.map((name) => [name, true, true]),
      );
    });
  });

  describe("every option at once", () => {
    it("finds no difference in a refresh", async () => {
      await change("alarmEmail", "operators@example.com");
      assertChanges(await stack().refresh(), {});
      assertChanges(await stack().preview(), {});
    });
  });
}

function aroundAuditTrail(names: readonly ResourceName[]): ResourceName[] {
  return names.filter((name) => AROUND_AUDIT_TRAIL.test(name));
}

/** Returns the parts of the audit trail in the order of an operation. */
function inOrder(
  operations: readonly { readonly operation: string; readonly resource: ResourceName }[],
  kind: string,
): ResourceName[] {
  return operations
    .filter(({ operation, resource }) => operation === kind && AUDIT_TRAIL.includes(resource))
    .map(({ resource }) => resource);
}

/** Returns the name of the bucket of the audit trail. */
export async function auditBucketOf(stack: StackUnderTest): Promise<string> {
  const { resources = [] } = await stack.state();
  const bucket = resources.find(({ urn }) => urn.endsWith("aws:s3/bucket:Bucket::audit-trail"));
  return String(bucket?.id);
}

/** Returns the name of each table, and whether Pulumi and AWS protect it. */
async function protectionOf(stack: StackUnderTest): Promise<[ResourceName, boolean, boolean][]> {
  const { resources = [] } = await stack.state();
  return resources
    .filter(({ type }) => type === TABLE)
    .map(({ urn, protect, outputs }): [ResourceName, boolean, boolean] => [
      `${TABLE} ${urn.split("::").pop()}`,
      protect === true,
      outputs?.deletionProtectionEnabled === true,
    ])
    .sort(([one], [other]) => (one < other ? -1 : 1));
}
