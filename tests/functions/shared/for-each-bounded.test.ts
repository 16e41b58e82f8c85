import assert from "node:assert/strict";
import { forEachBounded } from "../../../functions/shared/for-each-bounded";

describe("forEachBounded", () => {
  it("runs the action once for every item", async () => {
    const done: number[] = [];
    await forEachBounded([1, 2, 3, 4, 5], 2, async (item) => void done.push(item));
    assert.deepEqual(done.sort(), [1, 2, 3, 4, 5]);
  });

  it("runs as many actions concurrently as the bound allows", async () => {
    let atWork = 0;
    let most = 0;
    await forEachBounded(Array.from({ length: 20 }), 3, async () => {
      most = Math.max(most, ++atWork);
      await new Promise(setImmediate);
      atWork--;
    });
    assert.equal(most, 3);
  });

  it("resolves without items", async () => {
    await forEachBounded([], 3, async () => assert.fail("There is nothing to do."));
  });

  it("starts nothing more after a failure, and rejects after all started actions have ended", async () => {
    const ended: number[] = [];
    const action = async (item: number): Promise<void> => {
      if (item === 1) throw new Error("One is wrong.");
      await new Promise(setImmediate);
      ended.push(item);
    };
    await assert.rejects(forEachBounded([1, 2, 3, 4], 2, action), /One is wrong/);
    assert.deepEqual(ended, [2]);
  });

  it("rejects if an action rejects", async () => {
    const action = async (item: number): Promise<void> => {
      if (item === 2) throw new Error("Two is wrong.");
    };
    await assert.rejects(forEachBounded([1, 2, 3], 2, action), /Two is wrong/);
  });
});
