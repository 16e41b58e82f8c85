import assert from "node:assert/strict";
import type { ResourceName } from "../../../local/pulumi/engine/engine-run";
import { deliverRecord, recordsOf } from "../support/bucket-records";
import type { EngineCloud, StackUnderTest } from "../support/engine-cloud";
import { assertChanges, updatedInputs } from "../support/transition";

const AUDIT_BUCKET = "aws:s3/bucket:Bucket audit-trail";
const AUDIT_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration audit-trail";
/** Settings of the bucket, which stay with it. */
const AUDIT_SETTINGS = [
  AUDIT_LIFECYCLE,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock audit-trail",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration audit-trail",
  "aws:s3/bucketVersioning:BucketVersioning audit-trail",
];
/** Parts of the audit trail whose order matters, in the order of their creation. */
const AUDIT_TRAIL = [
  AUDIT_BUCKET,
  "aws:s3/bucketPolicy:BucketPolicy audit-trail",
  "aws:cloudtrail/trail:Trail audit-trail",
];
/** Components of the audit trail, and providers that the engine adds for its remote component. */
const AROUND_AUDIT_TRAIL =
  /^(tickets:global:AuditTrail|awsx:cloudtrail:Trail|pulumi:providers:(awsx|pulumi)) /;

/** Rows of the audit trail. They end with the trail turned on. */
export function auditTrailRows(cloud: () => EngineCloud, stack: () => StackUnderTest): void {
  const change = (value: string): ReturnType<StackUnderTest["up"]> =>
    stack().up({ config: { "tickets:auditTrail": value } });

  describe("auditTrail", () => {
    let bucket: string;
    /** What turning the trail on creates. */
    let all: readonly ResourceName[];

    it("creates the bucket, its policy and then the trail when it is turned on", async () => {
      const run = await change("true");
      all = [...AUDIT_TRAIL, ...AUDIT_SETTINGS, ...aroundAuditTrail(run.created)];
      assertChanges(run, { created: all });
      assert.deepEqual(inOrder(run.operations, "create"), AUDIT_TRAIL);
    });

    it("is not moved by another order of the regions, or another primary", async () => {
      bucket = await auditBucketOf(stack());
      const regions = [
        { name: "singapore", code: "ap-southeast-1" },
        { name: "ireland", code: "eu-west-1" },
      ];
      const moved = await stack().up({
        config: { "tickets:regions": JSON.stringify(regions), "tickets:primary": "singapore" },
      });
      const back = await stack().up({
        config: { "tickets:regions": undefined, "tickets:primary": undefined },
      });
      for (const { created, updated, replaced, deleted } of [moved, back]) {
        const changed = [...created, ...updated, ...replaced, ...deleted];
        assert.deepEqual(
          changed.filter((name) => /audit-trail$/.test(name)),
          [],
        );
      }
      assert.equal(await auditBucketOf(stack()), bucket);
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

    it("deletes the trail when it is turned off, and leaves the bucket with its records and settings", async () => {
      await deliverRecord(cloud(), bucket);
      const run = await change("false");
      assertChanges(run, { deleted: all });
      assert.deepEqual(inOrder(run.operations, "delete"), [...AUDIT_TRAIL].reverse());
      const left = (await cloud().ledger.existing()).filter(({ name }) => name === "audit-trail");
      assert.deepEqual(
        left.map(({ type, id }) => [`${type} audit-trail`, id]).sort(),
        [AUDIT_BUCKET, ...AUDIT_SETTINGS].map((name) => [name, bucket]).sort(),
      );
      assert.deepEqual(await recordsOf(cloud(), bucket), 1);
    });

    it("creates another bucket when it is turned on again", async () => {
      const run = await change("true");
      assertChanges(run, { created: all });
      assert.notEqual(await auditBucketOf(stack()), bucket);
    });
  });
}

function aroundAuditTrail(names: readonly ResourceName[]): ResourceName[] {
  return names.filter((name) => AROUND_AUDIT_TRAIL.test(name));
}

/** Returns whether a resource exists only with an audit trail. */
export function isOfAuditTrail(name: ResourceName): boolean {
  return AROUND_AUDIT_TRAIL.test(name) || [...AUDIT_TRAIL, ...AUDIT_SETTINGS].includes(name);
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
