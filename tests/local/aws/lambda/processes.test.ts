import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { waitFor } from "../../../support/wait-for";
import type { LambdaFixture } from "./lambda-fixture";
import { isAlive, PROJECT, startLambda } from "./lambda-fixture";

const SLOW = `exports.handler = async (event) => {
  console.log("pid " + process.pid);
  if (event.slow) await new Promise((done) => setTimeout(done, 60000));
  return process.pid;
};`;

describe("The processes of a local Lambda function", () => {
  let fixture: LambdaFixture;
  beforeEach(async () => (fixture = await startLambda({ maxEnvironments: 1, idleMs: 150 })));
  afterEach(() => fixture.remove());

  const deploy = async (): Promise<string> =>
    (await fixture.deploy(SLOW, { timeout: 60 })).outputs.arn as string;
  const loggedPid = (): Promise<number> =>
    waitFor(() => Number(/pid (\d+)$/.exec(fixture.logged.at(-1) ?? "")?.[1]) || undefined, {
      what: "a pid",
    });

  it("end when their region goes down, reject all invocations, and start again when the region is up", async () => {
    const arn = await deploy();
    const outcomes = [0, 1].map(() =>
      assert.rejects(fixture.lambda.invoke(arn, { slow: true }), /eu-west-1 is down/),
    );
    const pid = await loggedPid();
    fixture.regions.setState("ireland", "down");
    await Promise.all(outcomes);
    await assert.rejects(fixture.lambda.invoke(arn, {}), { name: "ServiceException" });
    fixture.regions.setState("ireland", "up");
    const result = await fixture.lambda.invoke(arn, {});
    assert.ok("payload" in result && result.payload !== pid);
    await waitFor(() => !isAlive(pid), { what: "the old process's end" });
  });

  it("keep running when another region goes down, and when their own is isolated", async () => {
    const arn = await deploy();
    fixture.regions.setState("singapore", "down");
    fixture.regions.setState("ireland", "isolated");
    assert.ok("payload" in (await fixture.lambda.invoke(arn, {})));
  });

  it("are replaced when the region goes down and comes up immediately", async () => {
    const arn = await deploy();
    const before = await fixture.lambda.invoke(arn, {});
    fixture.regions.setState("ireland", "down");
    fixture.regions.setState("ireland", "up");
    const after = await fixture.lambda.invoke(arn, {});
    assert.ok("payload" in before && "payload" in after);
    assert.notEqual(before.payload, after.payload);
  });

  it("end after the idle time", async () => {
    const result = await fixture.lambda.invoke(await deploy(), {});
    assert.ok("payload" in result);
    await waitFor(() => !isAlive(result.payload as number), { what: "the idle process's end" });
  });

  it("have ended when close() is done", async () => {
    const arn = await deploy();
    const running = assert.rejects(fixture.lambda.invoke(arn, { slow: true }), /is stopping/);
    const pid = await loggedPid();
    await fixture.lambda.close();
    assert.equal(isAlive(pid), false);
    await running;
    await assert.rejects(fixture.lambda.invoke(arn, {}), /is stopping/);
  });

  it("end when the local cloud is killed", async () => {
    const script = join(__dirname, "endless-invocation.ts");
    const parent = spawn(process.execPath, ["-r", "./scripts/typescript/register.js", script], {
      cwd: PROJECT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [line] = await once(createInterface({ input: parent.stdout }), "line");
      const [, pid, directory] = /^(\d+) (.+)$/.exec(line) ?? assert.fail(`unexpected: ${line}`);
      assert.ok(isAlive(Number(pid)));
      parent.kill("SIGKILL");
      await waitFor(() => !isAlive(Number(pid)), { what: "the orphan's end" });
      await rm(directory, { recursive: true });
    } finally {
      parent.kill("SIGKILL");
    }
  });
});
