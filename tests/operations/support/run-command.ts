import assert from "node:assert/strict";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { CommandError } from "../../../command-line/command-error";
import { run } from "../../../operations/main";
import { terminal } from "../../../command-line/terminal";

/** Request handler of all AWS SDK clients. */
const HANDLER = Object.getPrototypeOf(
  new DynamoDBClient({ region: "eu-west-1" }).config.requestHandler,
) as DynamoDBClient["config"]["requestHandler"];
const PROJECT = join(__dirname, "..", "..", "..");

/** Exit code and output of a command. */
export interface CommandResult {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** Asserts the exit code of a command, with its output in the error message. */
export function expectCode({ code, out, errors }: CommandResult, expected: number): void {
  assert.equal(code, expected, `${out}\n${errors}`);
}

/**
 * Runs an operator command in this process.
 * @param stopAfter stops the command, like Ctrl-C, when its standard output matches.
 */
export async function runHere(args: readonly string[], stopAfter?: RegExp): Promise<CommandResult> {
  const written = { out: "", errors: "" };
  const stop = new AbortController();
  const print = (text: string): void => {
    written.out += text;
    if (stopAfter?.test(written.out)) stop.abort(new CommandError("Stopped."));
  };
  const context = {
    terminal: terminal({ write: print }, { write: (text) => (written.errors += text) }),
    signal: stop.signal,
  };
  const code = await run(args, context);
  return { code, ...written };
}

/** Runs an operator command in a child process, like npm. */
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

/** Result of a command that should be killed. */
export interface KilledCommand {
  /** Whether it made enough calls to be killed. */
  readonly killed: boolean;
  readonly code: number;
}

/**
 * Runs a command and kills it after a call has taken effect, but before the command gets the response.
 * @param call zero-based number of the call to AWS or to an API.
 */
export async function killedAfterCall(call: number, args: readonly string[]): Promise<KilledCommand> {
  let calls = 0;
  const killing = <R>(send: () => Promise<R>): Promise<R> => {
    const number = calls++;
    if (number > call) return Promise.reject(new Error("Killed."));
    const sent = send();
    if (number < call) return sent;
    return sent.then(
      () => Promise.reject(new Error("Killed.")),
      () => Promise.reject(new Error("Killed.")),
    );
  };
  const { fetch } = globalThis;
  const { handle } = HANDLER;
  globalThis.fetch = (...request) => killing(() => fetch(...request));
  HANDLER.handle = function (...request) {
    return killing(() => handle.apply(this, request));
  };
  try {
    const { code } = await runHere(args);
    return { killed: calls > call, code: code as number };
  } finally {
    globalThis.fetch = fetch;
    HANDLER.handle = handle;
  }
}
