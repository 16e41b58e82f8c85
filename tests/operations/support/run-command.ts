import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { run } from "../../../operations/main";
import { terminal } from "../../../operations/terminal";

const PROJECT = join(__dirname, "..", "..", "..");

/** What a command did. */
export interface CommandResult {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** Runs an operator's command in this process. */
export async function runHere(args: readonly string[]): Promise<CommandResult> {
  const written = { out: "", errors: "" };
  const surroundings = {
    terminal: terminal(
      { write: (text) => (written.out += text) },
      { write: (text) => (written.errors += text) },
    ),
    signal: new AbortController().signal,
  };
  const code = await run(args, surroundings);
  return { code, ...written };
}

/** Runs an operator's command in a process of its own, as npm does. */
export async function runProcess(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, [join("operations", "run.js"), ...args], {
    cwd: PROJECT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let errors = "";
  child.stdout.on("data", (text) => (out += String(text)));
  child.stderr.on("data", (text) => (errors += String(text)));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out, errors };
}

/** Runs a command that is torn down when it writes its so-manieth line; gives its exit code, 2 when it was. */
export async function killedAfter(line: number, args: readonly string[]): Promise<number> {
  let printed = 0;
  const terminal = {
    print: () => {
      if (++printed === line) throw new Error("Killed.");
    },
    progress: () => undefined,
    fail: () => undefined,
  };
  return run(args, { terminal, signal: new AbortController().signal });
}
