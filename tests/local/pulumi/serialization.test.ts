import assert from "node:assert/strict";
import * as closure from "@pulumi/pulumi/runtime/closure/serializeClosure";
import { checkHealth } from "../../../functions/health/health";
import { prepareSerialization } from "../../../local/pulumi/serialization";

describe("prepareSerialization", () => {
  it("lets the event loop run while a function is serialized", async () => {
    prepareSerialization();
    let turns = 0;
    let isDone = false;
    const turn = (): void => {
      turns++;
      if (!isDone) setImmediate(turn);
    };
    setImmediate(turn);
    // Pulumi's own function: the one that programs call returns a text from the cache.
    const { text } = await closure.serializeFunction(checkHealth, { isFactoryFunction: true });
    isDone = true;
    assert.match(text, /exports\.handler/);
    assert.ok(turns >= 3, `The event loop ran ${turns} times.`);
  });

  it("does not load the module domain, which makes promises slower", async () => {
    prepareSerialization();
    await closure.serializeFunction(() => checkHealth, { isFactoryFunction: true });
    const { moduleLoadList } = process as unknown as { readonly moduleLoadList: readonly string[] };
    assert.ok(moduleLoadList.includes("NativeModule cluster"), "Pulumi has loaded the modules of Node.js.");
    assert.ok(!moduleLoadList.includes("NativeModule domain"));
  });
});
