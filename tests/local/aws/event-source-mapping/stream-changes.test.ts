import assert from "node:assert/strict";
import { StreamChanges } from "../../../../local/aws/dynamodb/streams/stream-changes";
import type { ExistingResource } from "../../../../local/aws/resource";
import { waitFor } from "../../../support/wait-for";
import { FUNCTION_ERROR, MappingFixture, SUCCESS } from "./mapping-fixture";

const SHARD = "shardId-1";

describe("An event source mapping that knows the changes of its stream", () => {
  let fixture: MappingFixture;
  let mapping: ExistingResource;
  const reads = (): number => fixture.aws.calls.filter((operation) => operation === "GetRecords").length;
  const write = (id: string): void => {
    fixture.aws.write(id);
    fixture.streamChanges!.report(SHARD);
  };

  beforeEach(async () => {
    fixture = new MappingFixture();
    fixture.streamChanges = new StreamChanges();
    await fixture.start();
    mapping = await fixture.map();
    await waitFor(() => reads() > 0, { what: "the first read" });
  });
  afterEach(() => fixture.stop());

  it("does not read a shard again until it has changed", async () => {
    const before = reads();
    // The stream is described every second.
    const described = fixture.aws.calls.length;
    await waitFor(
      () => fixture.aws.calls.slice(described).filter((one) => one === "DescribeStream").length > 1,
      {
        what: "two descriptions of the stream",
      },
    );
    assert.ok(reads() <= before + 1, `The shard was read ${reads() - before} times.`);
    write("first");
    await fixture.expectBatches([["first"]]);
    write("second");
    await fixture.expectBatches([["first"], ["second"]]);
  });

  it("repeats a failed batch without a change", async () => {
    let attempts = 0;
    fixture.handle = () => (++attempts < 3 ? FUNCTION_ERROR : SUCCESS);
    write("first");
    await fixture.expectBatches([["first"], ["first"], ["first"]]);
  });

  it("ends a batching window without a change", async () => {
    await fixture.change(mapping, { maximumBatchingWindowInSeconds: 1 });
    write("first");
    await fixture.expectBatches([["first"]]);
  });

  it("stops while it waits for a change", async () => {
    await fixture.mappings.close();
    const before = fixture.aws.calls.length;
    write("first");
    assert.equal(fixture.aws.calls.length, before);
  });
});

describe("StreamChanges", () => {
  const { signal } = new AbortController();

  it("reports a change between a count and the wait", async () => {
    const changes = new StreamChanges();
    const count = changes.count(SHARD);
    changes.report(SHARD);
    await changes.wait(SHARD, count, { timeoutMs: 600_000, signal });
  });

  it("ends a wait at a change of its shard only", async () => {
    const changes = new StreamChanges();
    let ended = 0;
    const waits = [SHARD, "shardId-2"].map((shard) =>
      changes.wait(shard, 0, { timeoutMs: 600_000, signal: AbortSignal.timeout(1000) }).then(() => ended++),
    );
    changes.report(SHARD);
    await waits[0];
    assert.equal(ended, 1);
    await waits[1];
  });

  it("ends a wait at its limits", async () => {
    const changes = new StreamChanges();
    await changes.wait(SHARD, 0, { timeoutMs: 1, signal });
    await changes.wait(SHARD, 0, { timeoutMs: 600_000, signal: AbortSignal.timeout(1) });
    await changes.wait(SHARD, 0, { timeoutMs: 600_000, signal: AbortSignal.abort() });
  });
});
