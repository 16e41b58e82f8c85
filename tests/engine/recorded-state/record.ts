import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { PROJECT_DIRECTORY } from "../../../local/services";
import { EngineCloud } from "../support/engine-cloud";
import { withoutContents, type Contents } from "./contents";
import { inStableOrder } from "./state-order";
import { writeRelease, type RecordedStack, type StateResource } from "./recorded-state";

/** What is recorded: one stack with everything that the configuration can add, and one with the defaults. */
const STACKS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ireland: {
    "tickets:domainName": "tickets.test",
    "tickets:auditTrail": "true",
    "tickets:alarmEmail": "operator@tickets.test",
  },
  singapore: {},
};

/** Parts of the engine's state that differ from run to run or that contain paths of this machine. */
const LEFT_OUT = ["created", "modified", "sourcePosition", "stackTrace"];

/**
 * Deploys the program of a project to a local cloud with the real Pulumi engine, and records the states of its stacks.
 * @param source folder of the project, with a built web UI.
 * @returns the folder of the recording.
 */
export async function record(source: string = PROJECT_DIRECTORY): Promise<string> {
  const directory = resolve(source);
  const { version } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as {
    version: string;
  };
  const commit = execFileSync("git", ["rev-parse", "HEAD"], { cwd: directory, encoding: "utf8" }).trim();
  const contents: Contents = new Map();
  const stacks: RecordedStack[] = [];
  const cloud = await EngineCloud.start();
  try {
    for (const [name, config] of Object.entries(STACKS)) {
      const stack = await cloud.openStack(name, { config, source: directory });
      const { created } = await stack.up();
      console.log(`${name}: ${created.length} resources`);
      const { resources = [] } = await stack.state();
      const recorded = inStableOrder(resources).map((resource) =>
        withoutContents(withoutPosition(resource), contents, stack.program.directory),
      );
      expectNoPath(recorded, [stack.program.directory, directory, PROJECT_DIRECTORY, homedir()]);
      stacks.push({ stack: name, config, resources: recorded });
    }
  } finally {
    await cloud.close();
  }
  return writeRelease({ version, commit, stacks, contents });
}

function withoutPosition(resource: StateResource): StateResource {
  const kept = Object.entries(resource).filter(([name]) => !LEFT_OUT.includes(name));
  return Object.fromEntries(kept) as unknown as StateResource;
}

function expectNoPath(resources: readonly StateResource[], paths: readonly string[]): void {
  for (const resource of resources) {
    const path = paths.find((one) => JSON.stringify(resource).includes(`${one}/`));
    if (path !== undefined)
      throw new Error(`The state of ${resource.urn} contains ${path}, a path of this machine.`);
  }
}
