import assert from "node:assert/strict";
import { mappingConfiguration } from "../../../../local/aws/event-source-mapping/mapping-configuration";
import { FUNCTION, mappingResource, STREAM } from "./mapping-fixture";

const UUID = "01234567-0123-0123-0123-012345678901";

describe("The configuration of an event source mapping", () => {
  it("has Lambda's defaults", () => {
    const { filter, uuid, ...configuration } = mappingConfiguration(
      mappingResource({ functionName: "replicate" }),
      UUID,
    );
    assert.equal(uuid, UUID);
    assert.equal(filter({}), true);
    assert.deepEqual(configuration, {
      name: "replication",
      region: "eu-west-1",
      streamArn: STREAM,
      functionArn: FUNCTION,
      enabled: true,
      startingPosition: "TRIM_HORIZON",
      batchSize: 100,
      batchingWindowMs: 0,
      reportsItemFailures: false,
      bisects: false,
      maximumRetries: Infinity,
      maximumRecordAgeMs: Infinity,
      onFailureBucket: undefined,
      parallelizationFactor: 1,
    });
  });

  it("accepts a stream of a DynamoDB without regions in its ARNs", () => {
    const eventSourceArn = STREAM.replace("eu-west-1", "ddblocal");
    assert.equal(mappingConfiguration(mappingResource({ eventSourceArn }), UUID).streamArn, eventSourceArn);
  });

  it("contains the declared values", () => {
    const { filter, ...configuration } = mappingConfiguration(
      mappingResource({
        batchSize: 10,
        bisectBatchOnFunctionError: true,
        destinationConfig: { onFailure: { destinationArn: "arn:aws:s3:::failures" } },
        filterCriteria: { filters: [{ pattern: '{"eventName":["INSERT"]}' }] },
        functionResponseTypes: ["ReportBatchItemFailures"],
        maximumBatchingWindowInSeconds: 2,
        maximumRecordAgeInSeconds: 80_000,
        maximumRetryAttempts: 4,
        parallelizationFactor: 10,
      }),
      UUID,
    );
    assert.deepEqual([filter({ eventName: "INSERT" }), filter({ eventName: "REMOVE" })], [true, false]);
    assert.equal(configuration.batchSize, 10);
    assert.equal(configuration.bisects, true);
    assert.equal(configuration.onFailureBucket, "failures");
    assert.equal(configuration.reportsItemFailures, true);
    assert.equal(configuration.batchingWindowMs, 2000);
    assert.equal(configuration.maximumRecordAgeMs, 80_000_000);
    assert.equal(configuration.maximumRetries, 4);
  });

  const sqs = "arn:aws:sqs:eu-west-1:000000000000:q";
  const refused: [string, Record<string, unknown>, RegExp][] = [
    [
      "a queue as its source",
      { eventSourceArn: sqs },
      /mapping replication: eventSourceArn must be the ARN of a DynamoDB stream, not arn:aws:sqs/,
    ],
    [
      "another region's stream",
      { eventSourceArn: STREAM.replace("eu-west-1", "us-east-1") },
      /own region eu-west-1, not us-east-1/,
    ],
    [
      "no starting position",
      { startingPosition: undefined },
      /startingPosition must be TRIM_HORIZON or LATEST/,
    ],
    [
      "too large a batch",
      { batchSize: 10_001 },
      /batchSize must be a whole number from 1 to 10000, not 10001/,
    ],
    [
      "too long a window",
      { maximumBatchingWindowInSeconds: 301 },
      /maximumBatchingWindowInSeconds must be .* 300/,
    ],
    [
      "too short an age",
      { maximumRecordAgeInSeconds: 59 },
      /maximumRecordAgeInSeconds must be -1 or from 60/,
    ],
    [
      "too many parallel batches",
      { parallelizationFactor: 11 },
      /parallelizationFactor must be .* from 1 to 10/,
    ],
    [
      "a wrong response type",
      { functionResponseTypes: ["All"] },
      /functionResponseTypes may contain only ReportBatchItemFailures/,
    ],
    [
      "a queue for failures",
      { destinationConfig: { onFailure: { destinationArn: sqs } } },
      /only an S3 bucket, .* is emulated/,
    ],
    [
      "a numeric filter",
      { filterCriteria: { filters: [{ pattern: '{"a":[{"numeric":["=",1]}]}' }] } },
      /mapping replication: filterCriteria uses numeric/,
    ],
    [
      "a region that is not the provider's",
      { region: "us-east-1" },
      /region must be the region of its provider/,
    ],
  ];
  for (const [what, inputs, message] of refused)
    it(`rejects ${what}`, () => {
      assert.throws(() => mappingConfiguration(mappingResource(inputs), UUID), message);
    });
});
