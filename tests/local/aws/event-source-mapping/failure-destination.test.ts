import assert from "node:assert/strict";
import { waitFor } from "../../../support/wait-for";
import { FUNCTION, FUNCTION_ERROR, MappingFixture, STREAM, SUCCESS } from "./mapping-fixture";

const BUCKET = { destinationConfig: { onFailure: { destinationArn: "arn:aws:s3:::failures" } } };

describe("The failure destination of an event source mapping", () => {
  let fixture: MappingFixture;
  beforeEach(async () => (fixture = await new MappingFixture().start()));
  afterEach(() => fixture.stop());

  const write = (...ids: string[]): void => ids.forEach((id) => fixture.aws.write(id));
  const statistics = () => fixture.mappings.statistics()[0];
  const logged = (text: string): number => fixture.logged.filter((line) => line.includes(text)).length;
  const calls = (operation: string): number => fixture.aws.calls.filter((call) => call === operation).length;

  it("reports the alias, and the version that it invoked", async () => {
    fixture.handle = () => FUNCTION_ERROR;
    write("a");
    await fixture.map({ ...BUCKET, functionName: `${FUNCTION}:7`, maximumRetryAttempts: 0 });
    const [[, body]] = await waitFor(() => fixture.aws.objects.size > 0 && [...fixture.aws.objects], {
      what: "an object",
    });
    const { requestContext, responseContext } = JSON.parse(body);
    assert.deepEqual([requestContext.functionArn, responseContext.executedVersion], [`${FUNCTION}:7`, "7"]);
  });

  it("receives Lambda's invocation record with the whole records", async () => {
    fixture.handle = (ids) => (ids.includes("a") ? FUNCTION_ERROR : SUCCESS);
    fixture.now = () => Date.UTC(2025, 0, 2, 3, 4, 5, 678);
    const times = [1_735_787_040, 1_735_787_041];
    const [first, last] = times.map((time) => fixture.aws.write("a", { ApproximateCreationDateTime: time }));
    const { id } = await fixture.map({ ...BUCKET, maximumRetryAttempts: 2 });
    await fixture.expectBatches([
      ["a", "a"],
      ["a", "a"],
      ["a", "a"],
    ]);
    const [[key, body]] = await waitFor(() => fixture.aws.objects.size > 0 && [...fixture.aws.objects], {
      what: "an object",
    });
    assert.match(
      key,
      new RegExp(`^/failures/aws/lambda/${id}/shardId-1/2025/01/02/2025-01-02T03\\.04\\.05-[0-9a-f-]{36}$`),
    );
    const { requestContext, payload, ...record } = JSON.parse(body);
    assert.match(requestContext.requestId, /^[0-9a-f-]{36}$/);
    assert.equal(requestContext.functionArn, FUNCTION);
    assert.equal(requestContext.condition, "RetryAttemptsExhausted");
    assert.equal(requestContext.approximateInvokeCount, 3);
    assert.deepEqual(JSON.parse(payload), fixture.events[2]);
    assert.deepEqual(record, {
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      version: "1.0",
      timestamp: "2025-01-02T03:04:05.678Z",
      DDBStreamBatchInfo: {
        shardId: "shardId-1",
        startSequenceNumber: first,
        endSequenceNumber: last,
        approximateArrivalOfFirstRecord: "2025-01-02T03:04:00Z",
        approximateArrivalOfLastRecord: "2025-01-02T03:04:01Z",
        batchSize: 2,
        streamArn: STREAM,
      },
    });
    assert.equal(statistics().onFailureArn, "arn:aws:s3:::failures");
    await waitFor(() => statistics().recordsDiscarded === 2, { what: "the discarded records' count" });
    write("b");
    await fixture.expectBatches([["a", "a"], ["a", "a"], ["a", "a"], ["b"]]);
  });

  it("receives records that are too old, also while they wait for a retry", async () => {
    const written = Date.now();
    fixture.now = () => written;
    fixture.handle = () => FUNCTION_ERROR;
    write("a");
    await fixture.map({ ...BUCKET, maximumRecordAgeInSeconds: 60 });
    await waitFor(() => statistics().batchesFailed > 0, { what: "a failure" });
    fixture.now = () => written + 70_000;
    const body = await waitFor(() => [...fixture.aws.objects.values()][0], { what: "an object" });
    assert.equal(JSON.parse(body).requestContext.condition, "RecordAgeExceeded");
    await waitFor(() => statistics().recordsDiscarded === 1, { what: "the count" });
    assert.equal(statistics().iteratorAgeMs, 0);
  });

  it("is retried while the bucket is unavailable", async () => {
    fixture.aws.fault = (operation) => (operation === "PutObject" ? "drop" : undefined);
    fixture.handle = () => FUNCTION_ERROR;
    write("a");
    await fixture.map({ ...BUCKET, maximumRetryAttempts: 0 });
    await waitFor(() => calls("PutObject") > 2, { what: "some tries" });
    assert.equal(statistics().recordsDiscarded, 0);
    fixture.aws.fault = () => undefined;
    await waitFor(() => fixture.aws.objects.size === 1, { what: "the object" });
  });

  it("logs lost records if the role may not write to the bucket, and the mapping continues", async () => {
    fixture.aws.fault = (operation) =>
      operation === "PutObject" ? { status: 403, type: "AccessDenied" } : undefined;
    fixture.handle = (ids) => (ids.includes("a") ? FUNCTION_ERROR : SUCCESS);
    write("a");
    await fixture.map({ ...BUCKET, maximumRetryAttempts: 0 });
    await waitFor(() => logged("writing to s3://failures was rejected: AccessDenied") === 1, {
      what: "the loss in the log",
    });
    write("b");
    await fixture.expectBatches([["a"], ["b"]]);
  });
});
