import assert from "node:assert/strict";
import { ofType, ProgramResource, resourceNamed } from "../support/mocked-program";
import { allVariants, REGIONS, Variant } from "../support/program-variants";

describe("Replication", function () {
  this.timeout(120_000);
  let variants: Variant[];
  before(async () => {
    variants = await allVariants();
  });

  it("reads the stream of its own region from the oldest record, filtered, and retries for almost the retention of the stream", () => {
    for (const { program } of variants) {
      assert.equal(ofType(program, "aws:lambda/eventSourceMapping:EventSourceMapping").length, 2);
      for (const { name, code, other } of REGIONS) {
        const replication = `${name}-to-${other.name}`;
        const mapping = resourceNamed(
          program,
          "aws:lambda/eventSourceMapping:EventSourceMapping",
          `${replication}-stream`,
        );
        const table = resourceNamed(program, "aws:dynamodb/table:Table", `${name}-tickets`);
        const failures = resourceNamed(program, "aws:s3/bucket:Bucket", `${replication}-failures`);
        const { functionName, filterCriteria, ...inputs } = mapping.inputs;
        assert.match(
          functionName,
          new RegExp(`^arn:aws:lambda:${code}:\\d+:function:${replication}-[0-9a-f]{7}:live$`),
        );
        assert.deepEqual(
          filterCriteria.filters.map(({ pattern }: { pattern: string }) => JSON.parse(pattern)),
          [{ dynamodb: { NewImage: { origin: { S: [code] } } } }],
        );
        assert.deepEqual(inputs, {
          batchSize: 100,
          bisectBatchOnFunctionError: true,
          destinationConfig: { onFailure: { destinationArn: failures.outputs.arn } },
          enabled: true,
          eventSourceArn: table.outputs.streamArn,
          functionResponseTypes: ["ReportBatchItemFailures"],
          maximumRecordAgeInSeconds: 82_800,
          maximumRetryAttempts: -1,
          metricsConfig: { metrics: ["EventCount"] },
          parallelizationFactor: 1,
          startingPosition: "TRIM_HORIZON",
        });
      }
    }
  });

  it("expires ticket data in buckets, queues and log groups", () => {
    for (const { program } of variants) {
      const expiring = ofType(program, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
      const failures = ofType(program, "aws:s3/bucket:Bucket").filter(({ name }) => /-failures$/.test(name));
      assert.equal(failures.length, 2);
      for (const { name, outputs } of failures) {
        const lifecycle = expiring.find(({ inputs }) => inputs.bucket === outputs.bucket);
        assert.deepEqual(
          lifecycle?.inputs.rules,
          [
            {
              id: "expire",
              status: "Enabled",
              filter: { prefix: "" },
              expiration: { days: 90 },
              noncurrentVersionExpiration: { noncurrentDays: 1 },
              abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
            },
            {
              id: "delete-markers",
              status: "Enabled",
              filter: { prefix: "" },
              expiration: { expiredObjectDeleteMarker: true },
            },
          ],
          name,
        );
      }
      for (const { inputs, name } of ofType(program, "aws:sqs/queue:Queue"))
        assert.ok(inputs.messageRetentionSeconds <= 14 * 24 * 3600, name);
      for (const { inputs, name } of ofType(program, "aws:cloudwatch/logGroup:LogGroup"))
        assert.ok(inputs.retentionInDays > 0, name);
    }
  });

  it("receives the tables of the other region, and its own conflict table, quarantine queue and failure bucket", () => {
    for (const { program } of variants)
      for (const { name, other } of REGIONS) {
        const replication = `${name}-to-${other.name}`;
        const lambda = resourceNamed(program, "aws:lambda/function:Function", replication);
        const target = resourceNamed(program, "aws:dynamodb/table:Table", `${other.name}-tickets`);
        const queue = resourceNamed(program, "aws:sqs/queue:Queue", `${replication}-quarantine`);
        const failures = resourceNamed(program, "aws:s3/bucket:Bucket", `${replication}-failures`);
        const conflicts = (region: string): ProgramResource =>
          resourceNamed(program, "aws:dynamodb/table:Table", `${region}-conflicts`);
        assert.deepEqual(lambda.inputs.environment.variables, {
          TARGET_REGION: other.code,
          TARGET_TABLE_NAME: target.outputs.name,
          TARGET_CONFLICT_TABLE_NAME: conflicts(other.name).outputs.name,
          CONFLICT_TABLE_NAME: conflicts(name).outputs.name,
          QUARANTINE_QUEUE_URL: queue.outputs.url,
          FAILURE_BUCKET_NAME: failures.outputs.bucket,
        });
      }
  });

  it("keeps quarantined records for 14 days, encrypted, with room for a whole record", () => {
    for (const { program } of variants) {
      const queues = ofType(program, "aws:sqs/queue:Queue");
      assert.equal(queues.length, 2);
      for (const { inputs } of queues)
        assert.deepEqual(inputs, {
          maxMessageSize: 1024 * 1024,
          messageRetentionSeconds: 14 * 24 * 3600,
          sqsManagedSseEnabled: true,
        });
    }
  });

  it("encrypts the failure bucket", () => {
    for (const { program } of variants)
      for (const { name, other } of REGIONS) {
        const { inputs } = resourceNamed(
          program,
          "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
          `${name}-to-${other.name}-failures`,
        );
        assert.deepEqual(inputs.rules, [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }]);
      }
  });
});
