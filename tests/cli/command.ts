import { ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { waitFor } from "../support/wait-for";

const PROJECT = join(__dirname, "..", "..");

/** `npm start` in a separate process with its own temporary directory; records its output. */
export class Command {
  readonly output: string[] = [];
  readonly errors: string[] = [];
  private readonly temporary = mkdtempSync(join(tmpdir(), "cli-"));
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;
  private children: number[] = [];

  /**
   * @param project the project's folder.
   * @param cwd the current folder of the command.
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
    // Unlike "exit", "close" is emitted after the last line of output.
    this.ended = once(this.child, "close");
  }

  /** Waits for a line on standard output or standard error and returns it. */
  async line(pattern: RegExp): Promise<string> {
    return waitFor(
      () => {
        const found = [...this.output, ...this.errors].find((line) => pattern.test(line));
        if (found === undefined && this.child.exitCode !== null) throw new Error(this.allOutput());
        return found;
      },
      { what: `${pattern} in the output`, withinMs: 240_000 },
    );
  }

  /** Sends a signal. Records the child processes first, because they must not outlive the command. */
  signal(signal: NodeJS.Signals): void {
    this.children = [...new Set([...this.children, ...this.childProcesses()])];
    this.child.kill(signal);
  }

  /** Returns whether the process has ended. */
  hasEnded(): boolean {
    return this.child.exitCode !== null;
  }

  /** Resolves to the exit code when the process has ended. */
  async exitCode(): Promise<number | null> {
    await this.ended;
    return this.child.exitCode;
  }

  /** Returns the ids of its running child processes. */
  childProcesses(): number[] {
    const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
    const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
    return pairs.filter(([, parent]) => parent === this.child.pid).map(([pid]) => pid);
  }

  /** Returns the child processes and temporary folders that are left after the end; empty after a clean stop. */
  leftovers(): string[] {
    const running = this.children.filter(isRunning).map((pid) => `process ${pid}`);
    return [...running, ...readdirSync(this.temporary)];
  }

  /** Returns all output, for the report of a failed test. */
  allOutput(): string {
    return [...this.output, ...this.errors].join("\n");
  }

  /** Ends the process if it is still running, and removes its temporary directory. */
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
