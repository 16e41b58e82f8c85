import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineState } from "../../../local/pulumi/engine/engine-stack";
import { makeDirectory } from "../../../shared/make-directory";
import { readContents, writeContents, type Contents } from "./contents";

/** Resource in the engine's state. */
export type StateResource = NonNullable<EngineState["resources"]>[number];

/** State of a stack, without the contents of its assets and archives. */
export interface RecordedStack {
  readonly stack: string;
  /** What the configuration of the stack has besides that of the project. */
  readonly config: Readonly<Record<string, string>>;
  /** Each one after those that it depends on. */
  readonly resources: readonly StateResource[];
}

/** Stacks as a release deployed them. */
export interface RecordedRelease {
  /** Version in `package.json`. */
  readonly version: string;
  /** Commit of the program. */
  readonly commit: string;
  readonly stacks: readonly RecordedStack[];
  readonly contents: Contents;
}

/** Folder with one folder per recorded release. */
const STATES_DIRECTORY = join(__dirname, "..", "states");

const RELEASE_FILE = "release.json";
const CONTENTS_FILE = "contents.json.br";

/** Replaces the recordings of earlier releases by another one. */
export function writeRelease({ version, commit, stacks, contents }: RecordedRelease): string {
  rmSync(STATES_DIRECTORY, { recursive: true, force: true });
  const directory = join(STATES_DIRECTORY, version);
  makeDirectory(directory);
  const release = { version, commit, stacks: stacks.map(({ stack }) => stack) };
  writeFileSync(join(directory, RELEASE_FILE), `${JSON.stringify(release, undefined, 2)}\n`);
  for (const recorded of stacks) writeFileSync(join(directory, `${recorded.stack}.json`), textOf(recorded));
  writeContents(join(directory, CONTENTS_FILE), contents);
  return directory;
}

/** Reads the recorded release. @throws Error if there is not exactly one. */
export function readRelease(): RecordedRelease {
  const [version, ...others] = readdirSync(STATES_DIRECTORY);
  if (version === undefined || others.length > 0)
    throw new Error(`${STATES_DIRECTORY} must have one folder, the recording of the last release.`);
  const directory = join(STATES_DIRECTORY, version);
  const read = (name: string): unknown => JSON.parse(readFileSync(join(directory, name), "utf8"));
  const release = read(RELEASE_FILE) as { version: string; commit: string; stacks: string[] };
  return {
    ...release,
    stacks: release.stacks.map((stack) => ({
      ...(read(`${stack}.json`) as Omit<RecordedStack, "stack">),
      stack,
    })),
    contents: readContents(join(directory, CONTENTS_FILE)),
  };
}

/** Returns JSON with one resource per line, so that a difference of two recordings can be read. */
function textOf({ config, resources }: RecordedStack): string {
  const lines = resources.map((resource) => JSON.stringify(resource));
  return `{"config":${JSON.stringify(config)},"resources":[\n${lines.join(",\n")}\n]}\n`;
}
