import assert from "node:assert/strict";
import { mockStack, problemsOf, read } from "./read-configuration";

describe("The configuration of replication", () => {
  before(mockStack);

  it("refuses a reserved concurrency below one execution per shard and batch, and names both keys", () => {
    assert.deepEqual(problemsOf({ replicationParallelization: "2", replicationConcurrency: "7" }), [
      '- tickets:replicationConcurrency is "7". It must be 0, or at least 8, which is 4 shards of a table by ' +
        "replicationParallelization; with fewer, shards wait for each other while the other region does not answer. " +
        "Fix it with: pulumi config set replicationConcurrency 8, or set a lower replicationParallelization",
    ]);
    assert.equal(read({ replicationConcurrency: "0" }).replication.reservedConcurrency, undefined);
  });
});
