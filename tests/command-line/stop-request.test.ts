import assert from "node:assert/strict";
import { ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

const PROGRAM = `
  const { stopRequest } = require("./command-line/stop-request");
  stopRequest().addEventListener("abort", () => console.error("asked to stop"));
  setInterval(() => console.log("alive"), 10);
`;

describe("a request to stop", () => {
  let child: ChildProcess;
  let errors: string[];

  beforeEach(async () => {
    const args = ["-r", "ts-node/register/transpile-only", "-e", PROGRAM];
    child = spawn(process.execPath, args, {
      cwd: join(__dirname, "..", ".."),
      stdio: ["ignore", "pipe", "pipe"],
    });
    errors = [];
    createInterface({ input: child.stderr! }).on("line", (line) => errors.push(line));
    await output();
  });
  afterEach(() => void child.kill("SIGKILL"));

  const output = (): Promise<unknown> => once(child.stdout!, "data");

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    it(`is ${signal}, which leaves the end to whoever was asked`, async () => {
      child.kill(signal);
      await once(child.stderr!, "data");
      await output();
      assert.deepEqual(errors, ["asked to stop"]);
      assert.equal(child.exitCode, null);
    });

  it("is one request when npm passes on the same Ctrl-C, and the end at once when it comes again later", async () => {
    child.kill("SIGINT");
    await once(child.stderr!, "data");
    child.kill("SIGINT");
    await output();
    await output();
    assert.equal(child.exitCode, null);

    // The rule is about this time: what comes within half a second is the same press.
    await delay(600);
    child.kill("SIGINT");
    const [code] = (await once(child, "exit")) as [number];
    assert.equal(code, 130);
    assert.deepEqual(errors, ["asked to stop"]);
  });

  it("is also standard output that nobody reads any more", async () => {
    child.stdout!.destroy();
    await once(child.stderr!, "data");
    assert.deepEqual(errors, ["asked to stop"]);
  });
});
