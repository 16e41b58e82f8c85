import { ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Addresses } from "../local/addresses";
import type { RegionState } from "../local/aws/region-state";

const PROJECT = join(__dirname, "..");

/** Local cloud in its own process, started as a user starts it. */
export class RunningCloud {
  private constructor(
    private readonly child: ChildProcess,
    readonly addresses: Addresses,
    private readonly errors: string[],
  ) {}

  /** @param options command-line options in addition to `--json`, `--no-types` and `--port`. */
  static start(...options: string[]): Promise<RunningCloud> {
    return RunningCloud.startIn(PROJECT, ...options);
  }

  /** Starts the local cloud of a copy of the project. */
  static async startIn(project: string, ...options: string[]): Promise<RunningCloud> {
    const args = [join("local", "start.js"), "--json", "--no-types", "--port", "0", ...options];
    const child = spawn(process.execPath, args, { cwd: project, stdio: ["ignore", "pipe", "pipe"] });
    const errors: string[] = [];
    createInterface({ input: child.stderr! }).on("line", (line) => errors.push(line));
    const [line] = (await Promise.race([
      once(createInterface({ input: child.stdout! }), "line"),
      once(child, "exit").then(([code]) => {
        throw new Error(`The local cloud ended with ${code}:\n${errors.join("\n")}`);
      }),
    ])) as [string];
    return new RunningCloud(child, JSON.parse(line) as Addresses, errors);
  }

  /** Process id. */
  get pid(): number {
    return this.child.pid as number;
  }

  /** Returns its standard error output so far. */
  log(): string {
    return this.errors.join("\n");
  }

  async setRegion(name: string, state: RegionState): Promise<void> {
    const response = await fetch(`${this.addresses.console}/regions/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ state }),
    });
    if (!response.ok) throw new Error(`${name} could not be made ${state}: ${await response.text()}`);
  }

  /** Stops it as Ctrl-C does and returns its exit code. */
  async stop(): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    this.child.kill("SIGINT");
    const [code] = (await once(this.child, "exit")) as [number | null];
    return code;
  }
}
