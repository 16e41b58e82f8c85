import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cleanup, temporaryDirectory } from "../../local/cleanup";

describe("Cleanup", () => {
  it("runs the actions once, in reverse order and one after the other", async () => {
    const cleanup = new Cleanup();
    const events: string[] = [];
    for (const name of ["first", "second"])
      cleanup.add(async () => {
        events.push(`${name} stops`);
        await Promise.resolve();
        events.push(`${name} stopped`);
      });
    await cleanup.close();
    await cleanup.close();
    assert.deepEqual(events, ["second stops", "second stopped", "first stops", "first stopped"]);
  });

  it("runs all actions even if some fail, then rejects with their errors", async () => {
    const cleanup = new Cleanup();
    let stopped = false;
    cleanup.add(async () => void (stopped = true));
    cleanup.add(() => Promise.reject(new Error("the queue is stuck")));
    cleanup.add(() => {
      throw new Error("the table is stuck");
    });
    await assert.rejects(cleanup.close(), {
      message: "Not everything could be stopped: the table is stuck; the queue is stuck",
    });
    assert.ok(stopped);
  });
});

describe("temporaryDirectory", () => {
  it("is removed with its content by the cleanup", async () => {
    const cleanup = new Cleanup();
    const listeners = process.listenerCount("exit");
    const directory = await temporaryDirectory(cleanup);
    writeFileSync(join(directory, "file"), "");
    await cleanup.close();
    assert.equal(existsSync(directory), false);
    assert.equal(process.listenerCount("exit"), listeners);
  });
});
