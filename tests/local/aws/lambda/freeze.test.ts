import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { waitFor } from "../../../support/wait-for";
import type { LambdaFixture } from "./lambda-fixture";
import { isAlive, PROJECT, startLambda } from "./lambda-fixture";

/** Counts turns of the event loop, 10 ms apart, over all invocations. */
const TICKING = `let ticks = 0;
setInterval(() => ticks++, 10);
exports.handler = async (event) => {
  await new Promise((done) => setTimeout(done, event.ms ?? 0));
  return ticks;
};`;

/** Time between two invocations in which a running process would count far more than one that is frozen after a second. */
const PAUSE_MS = 4000;

describe("The process of a local Lambda function between invocations", () => {
  let fixture: LambdaFixture;
  beforeEach(async () => (fixture = await startLambda()));
  afterEach(() => fixture.remove());

  const ticksOf = async (arn: string, event: object = {}): Promise<number> => {
    const result = await fixture.lambda.invoke(arn, event);
    assert.ok("payload" in result, JSON.stringify(result));
    return result.payload as number;
  };

  it("is frozen: its timers do not run", async () => {
    const arn = (await fixture.deploy(TICKING)).outputs.arn as string;
    const before = await ticksOf(arn);
    await delay(PAUSE_MS);
    const passed = (await ticksOf(arn)) - before;
    assert.ok(passed < PAUSE_MS / 10 / 2, `The timer ran ${passed} times during the pause.`);
    assert.ok((await ticksOf(arn, { ms: 200 })) > passed + before, "The timer runs during an invocation.");
  });

  it("runs while a debugger is open, which could not reach it otherwise", async () => {
    const arn = (await fixture.deploy(TICKING)).outputs.arn as string;
    await fixture.lambda.debuggers.open(arn, "function", 0);
    const before = await ticksOf(arn);
    await waitFor(async () => (await ticksOf(arn)) > before + 2, { what: "turns of the event loop" });
    await delay(300);
    const later = await ticksOf(arn);
    await delay(500);
    assert.ok((await ticksOf(arn)) > later + 20);
  });

  it("ends when the local cloud is killed", async () => {
    const script = join(__dirname, "endless-invocation.ts");
    const parent = spawn(process.execPath, ["-r", "./scripts/typescript/register.js", script, "idle"], {
      cwd: PROJECT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [line] = await once(createInterface({ input: parent.stdout }), "line");
      const [, pid, directory] = /^(\d+) (.+)$/.exec(line) ?? assert.fail(`unexpected: ${line}`);
      // The process is frozen meanwhile.
      await delay(1500);
      assert.ok(isAlive(Number(pid)));
      parent.kill("SIGKILL");
      await waitFor(() => !isAlive(Number(pid)), { what: "the orphan's end" });
      await rm(directory, { recursive: true });
    } finally {
      parent.kill("SIGKILL");
    }
  });
});
