import assert from "node:assert/strict";
import { withoutStackTraces } from "../../../local/pulumi/stack-traces";

describe("withoutStackTraces", () => {
  it("takes no stack traces until the last of overlapping runs has ended, also after an error", async () => {
    const { stackTraceLimit } = Error;
    let end: () => void = () => undefined;
    const first = withoutStackTraces(() => new Promise<void>((resolve) => (end = resolve)));
    const second = withoutStackTraces(() => Promise.reject(new Error("Failed.")));
    await assert.rejects(second, { message: "Failed.", stack: "Error: Failed." });
    assert.equal(Error.stackTraceLimit, 0);
    end();
    await first;
    assert.equal(Error.stackTraceLimit, stackTraceLimit);
  });
});
