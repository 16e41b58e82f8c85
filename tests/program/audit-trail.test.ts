import assert from "node:assert/strict";
import { drainProgram, ofType, Program, resourceNamed } from "../support/mocked-program";
import { allVariants, REGIONS } from "../support/program-variants";

const TRAIL = "awsx:cloudtrail:Trail";
const BUCKET = "aws:s3/bucket:Bucket";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const SETTINGS = [
  LIFECYCLE,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
];

describe("AuditTrail", function () {
  this.timeout(120_000);

  const withTrail = (config: Readonly<Record<string, string>> = {}): Promise<Program> =>
    drainProgram({ stack: "ireland", config: { "tickets:auditTrail": "true", ...config } });

  it("is created once, if configured", async () => {
    for (const { program, title } of await allVariants())
      assert.equal(ofType(program, TRAIL).length, title.includes("audit trail") ? 1 : 0, title);
  });

  it("is in the region whose alias is first in the alphabet, whatever the order of the regions and the primary", async () => {
    const reversed = JSON.stringify(REGIONS.map(({ name, code }) => ({ name, code })).reverse());
    const programs = await Promise.all([
      withTrail(),
      withTrail({ "tickets:regions": reversed, "tickets:primary": "singapore" }),
    ]);
    const inputs = programs.map((program) => {
      const trail = resourceNamed(program, TRAIL, "audit-trail");
      assert.equal(trail.childProvider, "ireland");
      for (const type of [BUCKET, ...SETTINGS])
        assert.equal(resourceNamed(program, type, "audit-trail").provider, "ireland");
      return trail.inputs;
    });
    assert.deepEqual(inputs[1], inputs[0]);
  });

  it("keeps its bucket and the settings of the bucket when it is deleted", async () => {
    for (const protectData of ["true", "false"]) {
      const program = await withTrail({ "tickets:protectData": protectData });
      const retained = program.resources.filter(
        ({ name, retainOnDelete }) => retainOnDelete && name.startsWith("audit-trail"),
      );
      assert.deepEqual(retained.map(({ type }) => type).sort(), [BUCKET, ...SETTINGS].sort());
      const { inputs, outputs } = resourceNamed(program, BUCKET, "audit-trail");
      assert.deepEqual(inputs, { forceDestroy: false });
      const { s3Bucket } = resourceNamed(program, TRAIL, "audit-trail").inputs;
      assert.deepEqual(s3Bucket, { existing: { arn: outputs.arn } });
      assert.deepEqual(await program.outputs.auditBucket, outputs.bucket);
    }
  });

  it("deletes a record after a year, or after the configured days", async () => {
    for (const [program, days] of [
      [await withTrail(), 365],
      [await withTrail({ "tickets:auditRetentionDays": "90" }), 90],
    ] as const) {
      const [rule] = resourceNamed(program, LIFECYCLE, "audit-trail").inputs.rules;
      assert.deepEqual(rule.expiration, { days });
      assert.deepEqual([rule.status, rule.filter], ["Enabled", { prefix: "" }]);
      assert.deepEqual(rule.abortIncompleteMultipartUpload, { daysAfterInitiation: 7 });
    }
  });

  it("covers all regions, validates its log files, and records writes to both tables only", async () => {
    const program = await withTrail();
    const { inputs } = resourceNamed(program, TRAIL, "audit-trail");
    assert.equal(inputs.isMultiRegionTrail, true);
    assert.equal(inputs.enableLogFileValidation, true);
    assert.deepEqual(selectorsOf(program), [
      {
        eventCategory: ["Data"],
        readOnly: ["false"],
        "resources.type": ["AWS::DynamoDB::Table"],
        "resources.ARN": REGIONS.map(
          ({ name }) => resourceNamed(program, "aws:dynamodb/table:Table", `${name}-tickets`).outputs.arn,
        ),
      },
    ]);
  });

  it("records changes of resources as well, if configured", async () => {
    const [management, ...others] = selectorsOf(await withTrail({ "tickets:auditManagementEvents": "true" }));
    assert.deepEqual(management, { eventCategory: ["Management"], readOnly: ["false"] });
    assert.deepEqual(others, selectorsOf(await withTrail()));
  });
});

/** Returns the values of each selector by field. */
function selectorsOf(program: Program): Record<string, string[]>[] {
  const { advancedEventSelectors } = resourceNamed(program, TRAIL, "audit-trail").inputs;
  return advancedEventSelectors.map(
    ({ fieldSelectors }: { fieldSelectors: { field: string; equals: string[] }[] }) =>
      Object.fromEntries(fieldSelectors.map(({ field, equals }) => [field, equals])),
  );
}
