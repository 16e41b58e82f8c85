import assert from "node:assert/strict";
import { waitFor } from "../../../support/wait-for";
import { failing, FUNCTION, FUNCTION_ERROR, MappingFixture, STREAM, SUCCESS } from "./mapping-fixture";

describe("An event source mapping", () => {
  let fixture: MappingFixture;
  beforeEach(async () => (fixture = await new MappingFixture().start()));
  afterEach(() => fixture.stop());

  const write = (...ids: string[]): void => ids.forEach((id) => fixture.aws.write(id));
  const statistics = () => fixture.mappings.statistics()[0];

  it("delivers records from before and after its creation, in order and in batches", async () => {
    write("a", "b", "c");
    await fixture.map({ batchSize: 2 });
    await fixture.expectBatches([["a", "b"], ["c"]]);
    write("d");
    await fixture.expectBatches([["a", "b"], ["c"], ["d"]]);
    await waitFor(() => statistics().recordsDelivered === 4, { what: "four delivered records" });
    assert.deepEqual(statistics(), {
      name: "replication",
      sourceRegion: "eu-west-1",
      functionArn: FUNCTION,
      enabled: true,
      onFailureArn: undefined,
      recordsDelivered: 4,
      batchesFailed: 0,
      recordsDiscarded: 0,
      iteratorAgeMs: 0,
      lastError: undefined,
    });
  });

  it("signs its calls with the credentials of the function's role", async () => {
    write("a");
    await fixture.map();
    await fixture.expectBatches([["a"]]);
    for (const authorization of fixture.aws.authorizations)
      assert.match(authorization, /Credential=ASIAROLE\/\d{8}\/eu-west-1\/dynamodb\/aws4_request/);
  });

  it("delivers a record in Lambda's format", async () => {
    const eventSourceArn = STREAM.replace("eu-west-1", "ddblocal");
    const data = Buffer.from("x").toString("base64");
    const image = {
      B: { B: data },
      BS: { BS: [data] },
      L: { L: [{ B: data }] },
      M: { M: { b: { B: data } } },
      N: { N: "1.50" },
    };
    const sequence = fixture.aws.write(
      "a",
      { ApproximateCreationDateTime: 1_700_000_000.9, OldImage: image },
      "shardId-1",
      { eventName: "REMOVE", userIdentity: { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" } },
    );
    await fixture.map({ eventSourceArn });
    await fixture.expectBatches([["a"]]);
    assert.deepEqual(fixture.events[0].Records, [
      {
        eventID: "event-a",
        eventName: "REMOVE",
        eventVersion: "1.1",
        eventSource: "aws:dynamodb",
        awsRegion: "eu-west-1",
        dynamodb: {
          ApproximateCreationDateTime: 1_700_000_000,
          Keys: { id: { S: "a" } },
          NewImage: { id: { S: "a" }, origin: { S: "eu-west-1" } },
          OldImage: image,
          SequenceNumber: sequence,
          SizeBytes: 10,
          StreamViewType: "NEW_AND_OLD_IMAGES",
        },
        eventSourceARN: STREAM,
        userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" },
      },
    ]);
  });

  it("skips filtered records without an invocation", async () => {
    await fixture.map({
      filterCriteria: { filters: [{ pattern: '{"dynamodb":{"NewImage":{"origin":{"S":["eu-west-1"]}}}}' }] },
    });
    fixture.aws.write("x", { NewImage: { origin: { S: "ap-southeast-1" } } });
    write("a");
    fixture.aws.write("y", { NewImage: { origin: { S: "ap-southeast-1" } } });
    await fixture.expectBatches([["a"]]);
    await waitFor(() => statistics().iteratorAgeMs === 0, { what: "an iterator that caught up" });
    assert.equal(statistics().recordsDelivered, 1);
  });

  it("collects records during its batching window", async () => {
    await fixture.map({ maximumBatchingWindowInSeconds: 1, batchSize: 3 });
    write("a");
    await waitFor(() => statistics().iteratorAgeMs > 0, { what: "the first record's arrival" });
    write("b");
    await fixture.expectBatches([["a", "b"]]);
    write("c", "d", "e");
    await fixture.expectBatches([
      ["a", "b"],
      ["c", "d", "e"],
    ]);
  });

  it("ends a batch before 6 MB", async () => {
    const NewImage = { text: { S: "x".repeat(4 * 1024 * 1024) } };
    fixture.aws.write("a", { NewImage });
    fixture.aws.write("b", { NewImage });
    await fixture.map();
    await fixture.expectBatches([["a"], ["b"]]);
  });

  it("retries a failed batch before any later record", async () => {
    let failures = 2;
    fixture.handle = () => (failures-- > 0 ? FUNCTION_ERROR : SUCCESS);
    write("a", "b", "c");
    await fixture.map({ batchSize: 2 });
    await fixture.expectBatches([["a", "b"], ["a", "b"], ["a", "b"], ["c"]]);
    assert.equal(statistics().batchesFailed, 2);
    await waitFor(() => statistics().lastError === undefined, { what: "the recovery" });
    assert.deepEqual(fixture.logged, [
      "ireland replication: invoking the function failed and is retried: Error: cannot",
      "ireland replication: invoking the function works again",
    ]);
  });

  it("continues at the first record that the function reports", async () => {
    fixture.handle = (_, event) => (fixture.batches.length < 3 ? failing(event, ["b", "c"]) : SUCCESS);
    write("a", "b", "c");
    await fixture.map({ functionResponseTypes: ["ReportBatchItemFailures"] });
    await fixture.expectBatches([
      ["a", "b", "c"],
      ["b", "c"],
      ["b", "c"],
    ]);
    await waitFor(() => statistics().recordsDelivered === 3, { what: "three delivered records" });
  });

  it("isolates a poison record by bisecting, discards it after its retries, and continues", async () => {
    fixture.handle = (ids) => (ids.includes("c") ? FUNCTION_ERROR : SUCCESS);
    write("a", "b", "c", "d");
    await fixture.map({ bisectBatchOnFunctionError: true, maximumRetryAttempts: 1 });
    await fixture.expectBatches([["a", "b", "c", "d"], ["a", "b"], ["c", "d"], ["c"], ["c"], ["d"]]);
    await waitFor(() => statistics().recordsDelivered === 3, { what: "three delivered records" });
    assert.equal(statistics().recordsDiscarded, 1);
    assert.match(
      statistics().lastError ?? "",
      /RetryAttemptsExhausted: 1 records from \d+ of shardId-1; the mapping has no on-failure destination/,
    );
  });

  it("splits at the reported record if it bisects", async () => {
    fixture.handle = (ids, event) => (ids.includes("c") ? failing(event, ["c"]) : SUCCESS);
    write("a", "b", "c", "d");
    await fixture.map({
      bisectBatchOnFunctionError: true,
      functionResponseTypes: ["ReportBatchItemFailures"],
      maximumRetryAttempts: 0,
    });
    await fixture.expectBatches([
      ["a", "b", "c", "d"],
      ["c", "d"],
    ]);
    await waitFor(() => fixture.mappings.statistics()[0].recordsDiscarded === 2, {
      what: "the discarded rest",
    });
  });

  it("halves no batch whose first record is reported", async () => {
    let isFailing = true;
    fixture.handle = (_, event) => (isFailing ? failing(event, ["a"]) : SUCCESS);
    write("a", "b", "c");
    await fixture.map({
      bisectBatchOnFunctionError: true,
      functionResponseTypes: ["ReportBatchItemFailures"],
    });
    await waitFor(() => fixture.batches.length > 2, { what: "retries" });
    isFailing = false;
    write("d");
    await waitFor(() => fixture.batches.at(-1)?.join() === "d", { what: "the next batch" });
    assert.ok(fixture.batches.slice(0, -1).every((ids) => ids.join() === "a,b,c"));
  });

  it("counts no retry if the function could not be invoked", async () => {
    fixture.handle = () => {
      if (fixture.batches.length < 3) throw new Error("Rate Exceeded");
      return SUCCESS;
    };
    write("a");
    await fixture.map({ maximumRetryAttempts: 0 });
    await fixture.expectBatches([["a"], ["a"], ["a"]]);
    await waitFor(() => statistics().recordsDelivered === 1, { what: "the delivery" });
    assert.equal(statistics().batchesFailed, 0);
  });

  it("reads nothing if it is disabled", async () => {
    const made = await fixture.map({ enabled: false });
    assert.equal(made.outputs.state, "Disabled");
    assert.deepEqual(fixture.aws.calls, []);
    assert.equal(statistics().enabled, false);
  });

  it("has the outputs of the AWS provider", async () => {
    const { id, outputs } = await fixture.map();
    const { lastModified, ...rest } = outputs;
    assert.ok(!Number.isNaN(Date.parse(lastModified as string)));
    assert.deepEqual(rest, {
      arn: `arn:aws:lambda:eu-west-1:000000000000:event-source-mapping:${id}`,
      uuid: id,
      functionArn: FUNCTION,
      lastProcessingResult: "No records processed",
      state: "Enabled",
      stateTransitionReason: "User action",
    });
  });
});
