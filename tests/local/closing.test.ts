import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Closing, temporaryDirectory } from "../../local/closing";

describe("closing", () => {
  it("stops what was started last first, one after the other, and only once", async () => {
    const closing = new Closing();
    const events: string[] = [];
    for (const name of ["first", "second"])
      closing.add(async () => {
        events.push(`${name} stops`);
        await Promise.resolve();
        events.push(`${name} stopped`);
      });
    await closing.close();
    await closing.close();
    assert.deepEqual(events, ["second stops", "second stopped", "first stops", "first stopped"]);
  });

  it("stops all the rest when something cannot be stopped, and then tells what", async () => {
    const closing = new Closing();
    let stopped = false;
    closing.add(async () => void (stopped = true));
    closing.add(() => Promise.reject(new Error("the queue is stuck")));
    closing.add(() => {
      throw new Error("the table is stuck");
    });
    await assert.rejects(closing.close(), {
      message: "Not everything could be stopped: the table is stuck; the queue is stuck",
    });
    assert.ok(stopped);
  });

  it("removes a temporary folder with what is in it", async () => {
    const closing = new Closing();
    const listeners = process.listenerCount("exit");
    const directory = await temporaryDirectory(closing);
    writeFileSync(join(directory, "file"), "");
    await closing.close();
    assert.equal(existsSync(directory), false);
    assert.equal(process.listenerCount("exit"), listeners);
  });
});
