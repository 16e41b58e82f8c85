import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import { Config } from "@pulumi/pulumi";
import { LocalCloud } from "../../local/cloud";
import { findAccount } from "../../local/engine-command/attach";
import { deployWithEngine } from "../../local/engine-command/deploy-with-engine";
import { openAccount, type EngineAccount } from "../../local/engine-command/engine-account";
import { readEngineCommandLine, type EngineCommandLine } from "../../local/engine-command/options";
import { runAttached } from "../../local/engine-command/run-attached";
import { PROJECT_DIRECTORY } from "../../local/services";
import { describeWithEngine } from "./support/engine-cloud";

/** Two queues and outputs as the program has them. With `delay` the first queue has another input. */
const delay: { seconds?: number } = {};

async function program(): Promise<Record<string, unknown>> {
  const provider = new aws.Provider("ireland", { region: "eu-west-1" });
  const first = new aws.sqs.Queue("first", { delaySeconds: delay.seconds }, { provider });
  const second = new aws.sqs.Queue("second", {}, { provider, dependsOn: first });
  const primary = new Config().require("primary");
  const region = {
    api: first.url,
    table: second.url,
    conflictTable: "",
    quarantineQueue: "",
    failureBucket: "",
  };
  return { primary, regions: { ireland: region, singapore: region }, delay: delay.seconds ?? 0 };
}

const open = (account: EngineAccount): ReturnType<typeof openAccount> => openAccount(account, program);

describeWithEngine("npm run local:pulumi", () => {
  let cloud: LocalCloud;
  let filesBefore: Record<string, string>;
  let output = "";
  const onOutput = (text: string): void => void (output += text);

  before(async () => {
    filesBefore = projectFiles();
    const options = { ...commandLine("up", 0).cloud, domain: undefined };
    const listener = { log: () => undefined, progress: () => undefined };
    cloud = await LocalCloud.start(options, listener, undefined, deployWithEngine({ onOutput }, open));
  });
  after(() => cloud?.close());
  beforeEach(() => {
    delay.seconds = undefined;
    output = "";
  });

  function commandLine(
    command: string,
    port = Number(new URL(cloud.addresses.console).port),
  ): EngineCommandLine {
    return readEngineCommandLine([command, "--no-domain", "--port", String(port)])!;
  }

  /** Runs a command as a second terminal does. */
  async function run(command: string): Promise<void> {
    const read = commandLine(command);
    const account = await findAccount(read);
    assert.ok(account, "the console describes the account");
    await runAttached(read, account, { onOutput }, open);
  }

  async function consoleState(): Promise<{ problem?: { title: string } }> {
    return (await fetch(`${cloud.addresses.console}/state`)).json() as Promise<{
      problem?: { title: string };
    }>;
  }

  it("starts a cloud with the resources of the program", async () => {
    const { api, table } = cloud.addresses.regions.ireland;
    assert.match(api, /^http:.*first-[0-9a-f]{7}$/);
    assert.match(table, /second-[0-9a-f]{7}$/);
  });

  it("changes nothing in a second up and keeps the addresses", async () => {
    const { regions } = cloud.addresses;
    await run("up");
    assert.match(output, /4 unchanged/);
    assert.deepEqual(cloud.addresses.regions, regions);
  });

  it("shows changes in a preview and makes them in an up", async () => {
    delay.seconds = 7;
    await run("preview");
    assert.match(output, /aws:sqs:Queue first update \[diff: \+delaySeconds\]/);
    output = "";
    await run("up");
    assert.match(output, /1 updated/);
    output = "";
    await run("preview");
    assert.match(output, /4 unchanged/);
  });

  it("finds no difference in a refresh", async () => {
    await run("refresh");
    assert.match(output, /4 unchanged/);
  });

  it("keeps the files of the project unchanged", () => {
    assert.deepEqual(projectFiles(), filesBefore);
  });

  it("rejects a failed run with the engine's error and keeps the cloud", async () => {
    delay.seconds = -1;
    await assert.rejects(run("up"), /aws:sqs\/queue:Queue first/);
    assert.match(output, /first/);
    assert.equal((await consoleState()).problem, undefined);
  });

  it("says in the console that the resources were destroyed, until the next up", async () => {
    await run("destroy");
    assert.match(output, /The resources are deleted\. To create them again, run up\./);
    assert.doesNotMatch(output, /pulumi stack rm/);
    assert.equal((await consoleState()).problem?.title, "The stack has no resources.");
    await run("up");
    assert.match(output, /4 created/);
    assert.equal((await consoleState()).problem, undefined);
  });

  it("cancels an up whose output is closed, and leaves the stack unlocked", async () => {
    const { port } = new URL(cloud.addresses.console);
    const { backend } = (await findAccount(commandLine("up")))!;
    const child = spawn(
      process.execPath,
      [join("local", "engine-command", "run.js"), "up", "--no-domain", "--port", port],
      { cwd: PROJECT_DIRECTORY, stdio: ["ignore", "pipe", "pipe"] },
    );
    let errors = "";
    child.stderr.on("data", (text) => (errors += String(text)));
    // The command deploys the program of this project, which has hundreds of resources.
    for (let text = ""; !/ creating/.test(text);) text += String((await once(child.stdout, "data"))[0]);
    child.stdout.destroy();
    const [status] = (await once(child, "close")) as [number | null];
    assert.equal(status, 1, errors);
    assert.doesNotMatch(errors, /EPIPE|^ +at /m);
    const locks = join(backend, ".pulumi", "locks");
    const files = readdirSync(locks, { recursive: true }).map(String);
    assert.deepEqual(
      files.filter((file) => file.endsWith(".json")),
      [],
    );
    // Removes what was created before the end.
    await run("up");
    await run("preview");
    assert.match(output, /4 unchanged/);
  });

  it("tells how to start a cloud when there is none", () => {
    const { stderr, status } = command(["preview", "--port", "1"]);
    assert.equal(
      stderr.replace(/\s+/g, " ").trim(),
      "No local cloud runs at port 1, so there is nothing to preview. Start one with: npm run local:pulumi -- up --stack ireland. " +
        "Or give the port of its console with --port.",
    );
    assert.equal(status, 1);
  });

  it("tells how to install the Pulumi CLI when it is not on PATH", () => {
    const { stderr, status } = command(["up"], { PATH: "/nowhere" });
    assert.match(
      stderr,
      /^The command pulumi is not on PATH\. Install the Pulumi CLI, version 3\.260\.0 or later: https:/,
    );
    assert.equal(status, 1);
  });

  it("rejects a stack that does not exist, before it starts anything", () => {
    const { stderr, status } = command(["up", "--port", "0", "--stack", "atlantis"]);
    assert.match(stderr, /There is no stack "atlantis"; the stacks are ireland, singapore\./);
    assert.equal(status, 1);
  });

  function command(
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): { stderr: string; status: number | null } {
    return spawnSync(process.execPath, [join("local", "engine-command", "run.js"), ...args], {
      ...{ cwd: PROJECT_DIRECTORY, encoding: "utf8", env: { ...process.env, ...env } },
    });
  }
});

/** Texts of the project's Pulumi files by name. */
function projectFiles(): Record<string, string> {
  const names = readdirSync(PROJECT_DIRECTORY).filter((name) => /^Pulumi\..+/.test(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(PROJECT_DIRECTORY, name), "utf8")]));
}
