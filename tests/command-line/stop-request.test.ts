import assert from "node:assert/strict";
import { ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

const PROGRAM = `
  const { stopRequest } = require("./command-line/stop-request");
  stopRequest().addEventListener("abort", () => console.error("stop requested"));
  setInterval(() => console.log("alive"), 10);
`;

describe("stopRequest", () => {
  let child: ChildProcess;
  let errors: string[];

  beforeEach(async () => {
    const args = ["-r", "./scripts/typescript/register.js", "-e", PROGRAM];
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
    it(`aborts on ${signal} and leaves the process running`, async () => {
      child.kill(signal);
      await once(child.stderr!, "data");
      await output();
      assert.deepEqual(errors, ["stop requested"]);
      assert.equal(child.exitCode, null);
    });

  it("ignores the same Ctrl-C that npm forwards, and ends the process on a later one", async () => {
    child.kill("SIGINT");
    await once(child.stderr!, "data");
    child.kill("SIGINT");
    await output();
    await output();
    assert.equal(child.exitCode, null);

    // The half second in which a signal counts as the same Ctrl-C must pass.
    await delay(600);
    child.kill("SIGINT");
    const [code] = (await once(child, "exit")) as [number];
    assert.equal(code, 130);
    assert.deepEqual(errors, ["stop requested"]);
  });

  it("aborts when standard output is closed", async () => {
    child.stdout!.destroy();
    await once(child.stderr!, "data");
    assert.deepEqual(errors, ["stop requested"]);
  });
});
