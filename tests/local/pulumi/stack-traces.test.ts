import assert from "node:assert/strict";
import { Resource } from "@pulumi/pulumi";
import { withoutStackTraces } from "../../../local/pulumi/stack-traces";

describe("withoutStackTraces", () => {
  it("takes no stack traces and no positions of resources until the last of overlapping runs has ended, also after an error", async () => {
    const { stackTraceLimit } = Error;
    const positions = (): number => (Resource as unknown as { callsites(): object[] }).callsites().length;
    assert.ok(positions() > 0);
    let end: () => void = () => undefined;
    const first = withoutStackTraces(() => new Promise<void>((resolve) => (end = resolve)));
    const second = withoutStackTraces(() => Promise.reject(new Error("Failed.")));
    await assert.rejects(second, { message: "Failed.", stack: "Error: Failed." });
    assert.deepEqual([Error.stackTraceLimit, positions()], [0, 0]);
    end();
    await first;
    assert.equal(Error.stackTraceLimit, stackTraceLimit);
    assert.ok(positions() > 0);
  });
});
