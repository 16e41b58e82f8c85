import assert from "node:assert/strict";
import { PausedDebugging } from "../../../local/pulumi/paused-debugging";
import { waitFor } from "../../support/wait-for";

describe("PausedDebugging", () => {
  it("stops debugging when a session is no longer asked, and starts it for the next question", async () => {
    const posted: string[] = [];
    const session = { post: (method: string) => void posted.push(method) };
    const debugging = new PausedDebugging();
    debugging.resume(session);
    assert.deepEqual(posted, []);
    await waitFor(() => posted.length > 0, { what: "the end of debugging" });
    assert.deepEqual(posted, ["Debugger.disable"]);
    debugging.resume(session);
    debugging.resume(session);
    assert.deepEqual(posted, ["Debugger.disable", "Debugger.enable"]);
    await waitFor(() => posted.length > 2, { what: "the second end of debugging" });
    assert.deepEqual(posted.slice(2), ["Debugger.disable"]);
  });
});
