import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before } from "mocha";

/** Pulumi CLI on the path that prints what a test gives it. */
export interface FakePulumi {
  /** Prints JSON for a command such as `stack output`. */
  answers(command: string, json: object): void;
  /** Fails every command from now on with this text on standard error. */
  fails(errors: string): void;
}

/** Puts a fake Pulumi CLI first on PATH for the tests of a suite. */
export function useFakePulumi(): FakePulumi {
  const { PATH = "" } = process.env;
  let directory = "";
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "pulumi-"));
    const script = `#!/bin/sh
if [ -s '${directory}/errors' ]; then cat '${directory}/errors' >&2; exit 255; fi
if [ "$1" = stack ]; then cat "${directory}/$1-$2"; else cat "${directory}/$1"; fi
`;
    writeFileSync(join(directory, "pulumi"), script, { mode: 0o755 });
    process.env.PATH = directory + delimiter + PATH;
  });
  after(() => {
    process.env.PATH = PATH;
    rmSync(directory, { recursive: true });
  });
  return {
    answers(command, json) {
      writeFileSync(join(directory, "errors"), "");
      writeFileSync(join(directory, command.replace(" ", "-")), JSON.stringify(json));
    },
    fails(errors) {
      writeFileSync(join(directory, "errors"), errors);
    },
  };
}
