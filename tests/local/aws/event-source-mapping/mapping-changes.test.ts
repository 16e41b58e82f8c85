import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "../../../support/wait-for";
import { createResource, deleteResource, readResource } from "../../support/create-resource";
import { FUNCTION, FUNCTION_ERROR, MAPPING, MappingFixture, STREAM, SUCCESS } from "./mapping-fixture";

const onlyFrom = (origin: string): object => ({
  filters: [{ pattern: JSON.stringify({ dynamodb: { NewImage: { origin: { S: [origin] } } } }) }],
});

describe("A change of an event source mapping", () => {
  let fixture: MappingFixture;
  beforeEach(async () => (fixture = await new MappingFixture().start()));
  afterEach(() => fixture.stop());

  const write = (...ids: string[]): void => ids.forEach((id) => fixture.aws.write(id));
  const writeIn = (id: string, origin: string): void =>
    void fixture.aws.write(id, { NewImage: { origin: { S: origin } } });
  const statistics = () => fixture.mappings.statistics()[0];
  const delivered = (count: number): Promise<unknown> =>
    waitFor(() => statistics().recordsDelivered === count, { what: `${count} delivered records` });
  /** Waits until the stream has been read again. */
  const polled = async (): Promise<void> => {
    const reads = (): number => fixture.aws.calls.filter((call) => call === "GetRecords").length;
    const before = reads();
    await waitFor(() => reads() > before + 1, { what: "two polls" });
  };

  it("keeps its position when the batch size and the window change", async () => {
    write("a", "b");
    const made = await fixture.map();
    await fixture.expectBatches([["a", "b"]]);
    await delivered(2);
    await fixture.change(made, { batchSize: 1, maximumBatchingWindowInSeconds: 1 });
    write("c", "d");
    await fixture.expectBatches([["a", "b"], ["c"], ["d"]]);
  });

  it("applies a filter to the next records, and passes over those that the old one skipped", async () => {
    const made = await fixture.map({ filterCriteria: onlyFrom("eu-west-1") });
    writeIn("a", "ap-southeast-1");
    writeIn("b", "eu-west-1");
    await fixture.expectBatches([["b"]]);
    await delivered(1);
    const changed = await fixture.change(made, { filterCriteria: onlyFrom("ap-southeast-1") });
    writeIn("c", "eu-west-1");
    writeIn("d", "ap-southeast-1");
    await fixture.expectBatches([["b"], ["d"]]);
    await delivered(2);
    await fixture.change(changed, { filterCriteria: undefined });
    writeIn("e", "eu-west-1");
    await fixture.expectBatches([["b"], ["d"], ["e"]]);
  });

  it("filters records that wait for a batch", async () => {
    const made = await fixture.map({ maximumBatchingWindowInSeconds: 300 });
    writeIn("a", "eu-west-1");
    writeIn("b", "ap-southeast-1");
    await waitFor(() => statistics().iteratorAgeMs > 0, { what: "the arrival" });
    const inputs = { filterCriteria: onlyFrom("ap-southeast-1"), maximumBatchingWindowInSeconds: 0 };
    await fixture.change(made, inputs);
    await fixture.expectBatches([["b"]]);
  });

  it("ends the retries of a batch that fails, and sends it to the new destination", async () => {
    fixture.handle = (ids) => (ids.includes("a") ? FUNCTION_ERROR : SUCCESS);
    write("a");
    const made = await fixture.map();
    await waitFor(() => fixture.batches.length > 2, { what: "retries" });
    await fixture.change(made, {
      maximumRetryAttempts: 0,
      destinationConfig: { onFailure: { destinationArn: "arn:aws:s3:::failures" } },
    });
    await waitFor(() => statistics().recordsDiscarded === 1, { what: "the discarded record" });
    assert.match([...fixture.aws.objects.keys()][0], /^\/failures\/aws\/lambda\//);
    assert.equal(statistics().onFailureArn, "arn:aws:s3:::failures");
    write("b");
    await delivered(1);
  });

  it("reads nothing while it is disabled, and continues where it was", async () => {
    write("a");
    const made = await fixture.map();
    await delivered(1);
    const disabled = await fixture.change(made, { enabled: false });
    assert.equal(disabled.outputs.state, "Disabled");
    const calls = fixture.aws.calls.length;
    write("b");
    // Twenty poll intervals. A description and a read may be in flight when the mapping is disabled.
    await new Promise((done) => setTimeout(done, 100));
    assert.ok(fixture.aws.calls.length <= calls + 2);
    assert.deepEqual([fixture.batches.length, statistics().iteratorAgeMs], [1, 0]);
    const enabled = await fixture.change(disabled, { enabled: true });
    assert.equal(enabled.outputs.state, "Enabled");
    await fixture.expectBatches([["a"], ["b"]]);
  });

  it("invokes another function from the same position", async () => {
    write("a");
    const made = await fixture.map();
    await delivered(1);
    const changed = await fixture.change(made, { functionName: `${FUNCTION}-2` });
    assert.equal(changed.outputs.functionArn, `${FUNCTION}-2`);
    write("b");
    await fixture.expectBatches([["a"], ["b"]]);
    assert.deepEqual(fixture.invoked, [FUNCTION, `${FUNCTION}-2`]);
  });

  it("invokes an alias from the same position, and keeps its id", async () => {
    write("a");
    const made = await fixture.map();
    await delivered(1);
    const changed = await fixture.change(made, { functionName: `${FUNCTION}:live` });
    assert.deepEqual([changed.id, changed.outputs.functionArn], [made.id, `${FUNCTION}:live`]);
    write("b");
    await fixture.expectBatches([["a"], ["b"]]);
    assert.deepEqual(fixture.invoked, [FUNCTION, `${FUNCTION}:live`]);
  });

  it("signs its calls with the credentials of a changed role", async () => {
    await fixture.map();
    await polled();
    fixture.accessKeyId = "ASIAOTHER";
    await waitFor(() => [...fixture.aws.authorizations].at(-1)?.includes("ASIAOTHER"), {
      what: "the new key",
    });
    await polled();
    assert.equal(statistics().lastError, undefined);
  });

  it("leaves the mapping unchanged when it is invalid", async () => {
    const made = await fixture.map({ batchSize: 2 });
    await assert.rejects(fixture.change(made, { batchSize: 0 }), /batchSize must be/);
    await assert.rejects(fixture.change(made, { tumblingWindowInSeconds: 5 }), /does not support tumbling/);
    assert.deepEqual((await readResource(fixture.mappings, made))?.inputs, made.inputs);
    write("a", "b", "c");
    await fixture.expectBatches([["a", "b"], ["c"]]);
  });

  it("is read with its current inputs", async () => {
    const made = await fixture.map();
    const changed = await fixture.change(made, { batchSize: 7 });
    const { id, inputs, outputs } = changed;
    assert.deepEqual(await readResource(fixture.mappings, made), { id, inputs, outputs });
  });
});

describe("The life of an event source mapping", () => {
  let fixture: MappingFixture;
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "mappings-"));
    fixture = await new MappingFixture().start(directory);
  });
  afterEach(async () => {
    await fixture.stop();
    await rm(directory, { recursive: true });
  });

  it("begins with a UUID that is the same at every start", async () => {
    const { id } = await fixture.map();
    assert.match(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    await fixture.mappings.close();
    await fixture.start(directory);
    assert.equal((await fixture.map()).id, id);
  });

  it("begins once per stream and function, as on AWS", async () => {
    const made = await fixture.map();
    const second = { physicalName: "second-0123456" };
    await assert.rejects(fixture.map({}, second), {
      message:
        `ResourceConflictException: The event source arn (" ${STREAM} ") and function (" replicate ") provided mapping ` +
        `already exists. Please update or delete the existing mapping with UUID ${made.id}`,
    });
    const other = await fixture.map({ functionName: "other" }, second);
    await assert.rejects(fixture.change(other, { functionName: FUNCTION }), /ResourceConflictException/);
    await deleteResource(fixture.mappings, made);
    await fixture.change(other, { functionName: FUNCTION });
  });

  it("does not begin for a function that does not exist", async () => {
    fixture.exists = false;
    await assert.rejects(fixture.map(), /mapping replication: ResourceNotFoundException: Function not found/);
    assert.deepEqual(fixture.mappings.statistics(), []);
  });

  it("is replaced for another stream, starting position or region, as on AWS", () => {
    const { replacing } = fixture.mappings.resourceHandlers[MAPPING];
    assert.deepEqual(Object.keys(replacing), ["eventSourceArn", "region", "startingPosition"]);
  });

  it("invokes nothing after its function is deleted, and reports it once", async () => {
    await fixture.map();
    fixture.exists = false;
    fixture.aws.write("a");
    await waitFor(() => fixture.mappings.statistics()[0].lastError, { what: "an error" });
    assert.deepEqual(fixture.batches, []);
    assert.match(
      fixture.mappings.statistics()[0].lastError ?? "",
      /ResourceNotFoundException: Function not found/,
    );
    fixture.exists = true;
    await fixture.expectBatches([["a"]]);
  });

  it("ends with its deletion, during an invocation too, and forgets its position", async () => {
    let finish: (() => void) | undefined;
    fixture.handle = () => new Promise((resolve) => (finish = () => resolve(SUCCESS)));
    fixture.aws.write("a");
    const made = await fixture.map();
    await fixture.expectBatches([["a"]]);
    await deleteResource(fixture.mappings, made);
    assert.equal(await readResource(fixture.mappings, made), undefined);
    assert.deepEqual(fixture.mappings.statistics(), []);
    finish?.();
    fixture.handle = () => SUCCESS;
    fixture.aws.write("b");
    await deleteResource(fixture.mappings, made);
    assert.deepEqual(await readdir(directory), []);
    await createResource(fixture.mappings, MAPPING, made.inputs, { name: "replication" });
    await fixture.expectBatches([["a"], ["a", "b"]]);
  });
});
