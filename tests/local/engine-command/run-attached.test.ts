import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { closeServer, listen } from "../../../local/aws/listen";
import { currentConfig } from "../../../local/current-config";
import type { EngineAccount } from "../../../local/engine-command/engine-account";
import { readEngineCommandLine } from "../../../local/engine-command/options";
import { runAttached } from "../../../local/engine-command/run-attached";
import type { EngineRunOptions, EngineStack } from "../../../local/pulumi/engine/engine-stack";
import { configuredRegions } from "../../../local/pulumi/stack-config";

const CLOUD_ERROR = "The local cloud could not read the stack's outputs: no outputs";

describe("runAttached", () => {
  let server: Server;
  let port: number;
  let status: number;
  let announcements: number;
  let output: string;

  beforeEach(async () => {
    [status, announcements, output] = [200, 0, ""];
    server = createServer((_, response) => {
      announcements++;
      response.statusCode = status;
      response.end(status === 200 ? "{}" : "no outputs");
    });
    port = await listen(server, { port: 0, purpose: "a fake console" });
  });
  afterEach(() => closeServer(server));

  /** Runs a command with a stack whose commands are `run`. */
  async function attached(
    args: readonly string[],
    run: (options: EngineRunOptions) => Promise<void>,
  ): Promise<void> {
    const commandLine = readEngineCommandLine([...args, "--port", String(port)])!;
    const account = {
      ...{ stack: "ireland", domain: "tickets.test", speed: 1 },
      regions: configuredRegions(currentConfig(commandLine.cloud)),
    } as unknown as EngineAccount;
    const stack = { up: run, preview: run } as unknown as EngineStack;
    const onOutput = (text: string): void => void (output += text);
    await runAttached(commandLine, account, { onOutput }, async () => stack);
  }

  const fail = async (): Promise<never> => {
    throw new Error("the update failed");
  };

  it("tells the local cloud about a change, also after a failed run, but not after a preview", async () => {
    await attached(["up"], async () => undefined);
    assert.equal(announcements, 1);
    await assert.rejects(attached(["up"], fail), { message: "the update failed" });
    assert.equal(announcements, 2);
    await attached(["preview"], async () => undefined);
    assert.equal(announcements, 2);
    assert.equal(output, "");
  });

  it("passes the options of the command line to the engine", async () => {
    let passed: EngineRunOptions = {};
    await attached(["up", "--diff", "--target", "urn:a", "--exclude", "urn:b"], async (options) => {
      passed = options;
    });
    assert.deepEqual([passed.diff, passed.target, passed.exclude], [true, ["urn:a"], ["urn:b"]]);
  });

  it("rejects with the engine's error, and prints that of the local cloud", async () => {
    status = 500;
    await assert.rejects(attached(["up"], fail), { message: "the update failed" });
    assert.equal(output, `${CLOUD_ERROR}\n`);
  });

  it("rejects with the local cloud's error after a successful run", async () => {
    status = 500;
    await assert.rejects(
      attached(["up"], async () => undefined),
      { message: CLOUD_ERROR },
    );
  });
});
