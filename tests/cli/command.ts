import { ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { waitFor } from "../support/wait-for";

const PROJECT = join(__dirname, "..", "..");

/** `npm start` in a process of its own, with a folder of its own for what is temporary, and everything that it says. */
export class Command {
  readonly output: string[] = [];
  readonly errors: string[] = [];
  private readonly temporary = mkdtempSync(join(tmpdir(), "cli-"));
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;
  private children: number[] = [];

  /**
   * @param project the project's folder.
   * @param cwd the folder that the command is started in.
   */
  constructor(
    args: readonly string[],
    project = PROJECT,
    { cwd = project, env = {} }: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
  ) {
    this.child = spawn(process.execPath, [join(project, "local", "start.js"), ...args], {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env, TMPDIR: this.temporary },
    });
    createInterface({ input: this.child.stdout! }).on("line", (line) => this.output.push(line));
    createInterface({ input: this.child.stderr! }).on("line", (line) => this.errors.push(line));
    // "close" comes after the last line of output, unlike "exit".
    this.ended = once(this.child, "close");
  }

  /** Waits for a line on either output and returns it. */
  async line(pattern: RegExp): Promise<string> {
    return waitFor(
      () => {
        const found = [...this.output, ...this.errors].find((line) => pattern.test(line));
        if (found === undefined && this.child.exitCode !== null) throw new Error(this.everything());
        return found;
      },
      { what: `${pattern} in the output`, withinMs: 90_000 },
    );
  }

  /** Sends a signal, and remembers the child processes that must not outlive this one. */
  signal(signal: NodeJS.Signals): void {
    this.children = [...new Set([...this.children, ...this.childProcesses()])];
    this.child.kill(signal);
  }

  /** Whether its process has ended. */
  hasEnded(): boolean {
    return this.child.exitCode !== null;
  }

  /** The exit code, once it has ended. */
  async exitCode(): Promise<number | null> {
    await this.ended;
    return this.child.exitCode;
  }

  /** The processes that it has started and that run. */
  childProcesses(): number[] {
    const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
    const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
    return pairs.filter(([, parent]) => parent === this.child.pid).map(([pid]) => pid);
  }

  /** What is left after the end: child processes and temporary folders. Empty when it stopped cleanly. */
  leftovers(): string[] {
    const running = this.children.filter(isRunning).map((pid) => `process ${pid}`);
    // ts-node keeps a cache of its own.
    const folders = readdirSync(this.temporary).filter((name) => !name.startsWith("v8-compile-cache"));
    return [...running, ...folders];
  }

  /** Everything that it said, for a failed test's report. */
  everything(): string {
    return [...this.output, ...this.errors].join("\n");
  }

  /** Ends it however a test has left it. */
  async dispose(): Promise<void> {
    if (this.child.exitCode === null) this.child.kill("SIGTERM");
    await this.ended;
    rmSync(this.temporary, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // There is no such process.
    return false;
  }
}
