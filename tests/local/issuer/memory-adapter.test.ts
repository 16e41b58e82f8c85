import assert from "node:assert/strict";
import { MemoryAdapter } from "../../../local/issuer/memory-adapter";

describe("Storage of the local issuer", () => {
  let now: number;
  let adapter: MemoryAdapter;
  beforeEach(() => {
    now = 1_000_000;
    adapter = new MemoryAdapter(3, () => now);
  });

  it("finds an entry by its id, its uid and its user code", async () => {
    const payload = { uid: "u", userCode: "c" };
    await adapter.upsert("a", payload, 10);
    await adapter.upsert("b", { uid: "other" }, 10);
    assert.deepEqual(
      [await adapter.find("a"), await adapter.findByUid("u"), await adapter.findByUserCode("c")],
      [payload, payload, payload],
    );
    assert.equal(await adapter.find("c"), undefined);
    assert.equal(await adapter.findByUid("a"), undefined);
    await adapter.destroy("a");
    assert.equal(await adapter.find("a"), undefined);
  });

  it("does not find an expired entry, and removes it with a later write", async () => {
    await adapter.upsert("a", { uid: "a" }, 10);
    now += 10_000;
    assert.equal(await adapter.find("a"), undefined);
    assert.equal(await adapter.findByUid("a"), undefined);
    await adapter.upsert("b", {}, 10);
    assert.equal(adapter.size, 1);
  });

  it("removes the oldest entry beyond its maximum; a write makes an entry the newest", async () => {
    for (const id of ["a", "b", "c", "a", "d"]) await adapter.upsert(id, { uid: id }, 10);
    const found = await Promise.all(["a", "b", "c", "d"].map((id) => adapter.find(id)));
    assert.deepEqual(
      found.map((payload) => payload?.uid),
      ["a", undefined, "c", "d"],
    );
  });

  it("marks an entry as consumed, in seconds since 1970", async () => {
    await adapter.upsert("a", {}, 10);
    await adapter.consume("a");
    await adapter.consume("missing");
    assert.equal((await adapter.find("a"))?.consumed, 1000);
  });

  it("removes the entries of a grant only", async () => {
    await adapter.upsert("a", { grantId: "1" }, 10);
    await adapter.upsert("b", { grantId: "2" }, 10);
    await adapter.upsert("c", { grantId: "1" }, 10);
    await adapter.revokeByGrantId("1");
    assert.deepEqual([adapter.size, await adapter.find("b")], [1, { grantId: "2" }]);
  });
});
