import assert from "node:assert/strict";
import type { ResourceName } from "../../../local/pulumi/engine/engine-run";
import { deleteRecord, deliverRecord } from "../support/bucket-records";
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
const AUDIT_BUCKET = "aws:s3/bucket:Bucket audit-trail";
/** Parts of the audit trail, in the order of their creation. */
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
    it("creates the bucket, its policy and then the trail when it is turned on", async () => {
      const run = await change("auditTrail", "true");
      assertChanges(run, { created: [...AUDIT_TRAIL, ...aroundAuditTrail(run.created)] });
      assert.deepEqual(inOrder(run.operations, "create"), AUDIT_TRAIL);
      assertChanges(await stack().preview(), {});
    });

    it("deletes them in the opposite order when it is turned off and no record was delivered", async () => {
      const run = await change("auditTrail", "false");
      assertChanges(run, { deleted: [...AUDIT_TRAIL, ...aroundAuditTrail(run.deleted)] });
      assert.deepEqual(inOrder(run.operations, "delete"), [...AUDIT_TRAIL].reverse());
      assertChanges(await stack().preview(), {});
    });

    /** The bucket of a trail that has recorded anything contains objects, so an operator has to empty it before the trail can be turned off. */
    it("deletes the trail but not its bucket when records were delivered; the next up retries the bucket", async () => {
      await change("auditTrail", "true");
      await deliverRecord(cloud(), await auditBucketOf(stack()));
      const run = await stack().tryUp({ config: { "tickets:auditTrail": "false" } });
      assert.match(run.error?.message ?? "", /BucketNotEmpty/);
      assert.deepEqual(run.failed, [AUDIT_BUCKET]);
      assert.deepEqual(inOrder(run.operations, "delete"), [...AUDIT_TRAIL].reverse().slice(0, 2));
      assert.deepEqual([run.created, run.updated, run.replaced, run.warnings], [[], [], [], []]);
    });

    it("uses the bucket that was left when it is turned on again", async () => {
      const run = await change("auditTrail", "true");
      const [, ...others] = AUDIT_TRAIL;
      assertChanges(run, { created: [...others, ...aroundAuditTrail(run.created)] });
      assertChanges(await stack().preview(), {});
      await deleteRecord(cloud(), await auditBucketOf(stack()));
    });
  });

  describe("protectData", () => {
    it("updates the tables and the bucket of the audit trail when it is turned off", async () => {
      const run = await change("protectData", "false");
      assertChanges(run, { updated: [AUDIT_BUCKET, ...TABLES] });
      assert.deepEqual(updatedInputs(run), ["deletionProtectionEnabled", "forceDestroy"]);
      assert.deepEqual(
        await protectionOf(stack()),
        TABLES.map((name) => [name, false, false]),
      );
      assertChanges(await stack().preview(), {});
    });

    it("updates them back when it is turned on, for Pulumi and for AWS", async () => {
      const run = await change("protectData", "true");
      assertChanges(run, { updated: [AUDIT_BUCKET, ...TABLES] });
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
  const bucket = resources.find(({ urn }) => urn.endsWith("$aws:s3/bucket:Bucket::audit-trail"));
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
