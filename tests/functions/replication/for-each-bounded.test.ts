import assert from "node:assert/strict";
import { forEachBounded } from "../../../functions/replication/for-each-bounded";

describe("forEachBounded", () => {
  it("does the action once for every item", async () => {
    const done: number[] = [];
    await forEachBounded([1, 2, 3, 4, 5], 2, async (item) => void done.push(item));
    assert.deepEqual(done.sort(), [1, 2, 3, 4, 5]);
  });

  it("has as many at work as the bound allows and never more", async () => {
    let atWork = 0;
    let most = 0;
    await forEachBounded(Array.from({ length: 20 }), 3, async () => {
      most = Math.max(most, ++atWork);
      await new Promise(setImmediate);
      atWork--;
    });
    assert.equal(most, 3);
  });

  it("is content with no items", async () => {
    await forEachBounded([], 3, async () => assert.fail("There is nothing to do."));
  });

  it("begins nothing more after a failure, and rejects once all that was begun has ended", async () => {
    const ended: number[] = [];
    const action = async (item: number): Promise<void> => {
      if (item === 1) throw new Error("One is wrong.");
      await new Promise(setImmediate);
      ended.push(item);
    };
    await assert.rejects(forEachBounded([1, 2, 3, 4], 2, action), /One is wrong/);
    assert.deepEqual(ended, [2]);
  });

  it("rejects when an action does", async () => {
    const action = async (item: number): Promise<void> => {
      if (item === 2) throw new Error("Two is wrong.");
    };
    await assert.rejects(forEachBounded([1, 2, 3], 2, action), /Two is wrong/);
  });
});
