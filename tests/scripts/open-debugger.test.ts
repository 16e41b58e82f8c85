import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { debuggerRoutes } from "../../local/console/debugger-routes";
import { ConsoleServer } from "../../local/console/server";
import type { LambdaFixture } from "../local/aws/lambda/lambda-fixture";
import { startLambda } from "../local/aws/lambda/lambda-fixture";

const PROJECT = join(__dirname, "..", "..");

/** Configuration of an editor, as far as the tests read it. */
interface Configuration {
  readonly port: number;
  readonly preLaunchTask: string;
  readonly postDebugTask: string;
}

describe("npm run debugger", () => {
  let fixture: LambdaFixture;
  let server: ConsoleServer;
  beforeEach(async () => {
    fixture = await startLambda();
    await fixture.deploy("exports.handler = async () => 1;", { name: "ireland-api-get-0a1b2c3" });
    const { lambda, regions } = fixture;
    server = await ConsoleServer.start({
      port: 0,
      routes: debuggerRoutes({ lambda, regions, isEnabled: true }),
      state: () => Promise.reject(new Error("not needed")),
      addresses: () => assert.fail("not needed"),
      caCertificate: "",
      gateway: undefined,
    });
  });
  afterEach(async () => {
    await server.close();
    await fixture.remove();
  });

  const run = async (
    ...args: string[]
  ): Promise<{ status: number | null; stdout: string; stderr: string }> => {
    const child = spawn(process.execPath, [join(PROJECT, "scripts", "open-debugger.js"), ...args]);
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (text: string) => (output[name] += text));
    const [status] = (await once(child, "close")) as [number | null];
    return { status, ...output };
  };

  it("opens the debugger of a function and prints how to attach to it", async () => {
    const { status, stdout } = await run("ireland-api-get", "--console", server.url);
    const [arn] = fixture.lambda.list().map((one) => one.arn);
    const { port, devtoolsFrontendUrl } =
      fixture.lambda.debuggers.get(arn)?.addresses ?? assert.fail("not open");
    assert.equal(status, 0);
    assert.equal(
      stdout,
      `The debugger of ireland-api-get listens at 127.0.0.1:${port}.\n  terminal  node inspect 127.0.0.1:${port}\n  VS Code   attach to port ${port}\n  Chrome    open ${devtoolsFrontendUrl}\n`,
    );
  });

  it("closes one debugger, or all of them", async () => {
    const [arn] = fixture.lambda.list().map((one) => one.arn);
    for (const args of [["ireland-api-get", "--close"], ["--close"]]) {
      await run("ireland-api-get", "--console", server.url);
      assert.ok(fixture.lambda.debuggers.get(arn));
      const { status, stdout } = await run(...args, "--console", server.url);
      assert.deepEqual(
        [status, /^The debugger of ireland-api-get.* is closed\.\n$/.test(stdout)],
        [0, true],
        stdout,
      );
      assert.equal(fixture.lambda.debuggers.get(arn), undefined);
    }
    assert.deepEqual(await run("--close", "--console", server.url), { status: 0, stdout: "", stderr: "" });
  });

  it("prints why a debugger was not opened", async () => {
    const absent = await run("absent", "--console", server.url);
    assert.deepEqual(absent, {
      status: 1,
      stdout: "",
      stderr: "There is no function absent. Functions: ireland-api-get.\n",
    });
    for (const port of ["80", "70000", "9239a"])
      assert.deepEqual(await run("ireland-api-get", port, "--console", server.url), {
        status: 1,
        stdout: "",
        stderr: `PORT is "${port}", but must be a number from 1024 to 65535.\n`,
      });
    await server.close();
    assert.match(
      (await run("ireland-api-get", "--console", server.url)).stderr,
      /^No local cloud answers at http:\/\/localhost:\d+\. Start one with: npm start -- --inspect\. Name another console with --console URL\.\n$/,
    );
  });

  it("prints its help, also for wrong arguments", async () => {
    const { status, stdout } = await run("--help");
    assert.equal(status, 0);
    for (const args of [[], ["a", "1", "b"]])
      assert.deepEqual(await run(...args), { status: 1, stdout: "", stderr: stdout });
    assert.match((await run("--opened")).stderr, /'--opened'[^]*npm run debugger -- NAME/);
  });

  it("is what VS Code runs before it attaches, with the same port", () => {
    const read = (file: string) => JSON.parse(readFileSync(join(PROJECT, ".vscode", file), "utf8"));
    const [attach] = (read("launch.json") as { configurations: Configuration[] }).configurations;
    const { tasks } = read("tasks.json") as { tasks: { label: string; args: string[] }[] };
    const argsOf = (label: string): string[] | undefined => tasks.find((task) => task.label === label)?.args;
    assert.deepEqual(argsOf(attach.preLaunchTask), [
      "scripts/open-debugger.js",
      "${input:function}",
      String(attach.port),
    ]);
    assert.deepEqual(argsOf(attach.postDebugTask), ["scripts/open-debugger.js", "--close"]);
  });
});
