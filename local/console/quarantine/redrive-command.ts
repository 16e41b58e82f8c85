import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PROJECT_DIRECTORY = join(__dirname, "../../..");
/** Time limit of the command, in milliseconds. */
const TIMEOUT_MS = 5 * 60 * 1000;
/** Maximum number of characters that are returned. The command prints each discarded record in full. */
const MAXIMUM_CHARACTERS = 4 * 1024 * 1024;

/** What to redrive. */
export interface RedriveRequest {
  /** Region alias: only records written there. */
  readonly region: string;
  /** Whether to change nothing. */
  readonly dryRun: boolean;
  /** Reason for which records that can never be applied are deleted; undefined to keep them. */
  readonly discard: string | undefined;
}

/** Result of the command. */
export interface RedriveResult {
  /** 0: nothing is left. 1: something is left. 2, or null after a signal: the command failed. */
  readonly exitCode: number | null;
  /** Lines that the command printed, without progress. */
  readonly lines: readonly string[];
}

/** Redrives the quarantine of a region. */
export interface Redrive {
  run(request: RedriveRequest): Promise<RedriveResult>;
}

/**
 * Runs the operator's command `npm run redrive` on the local cloud, in a process of its own: the same command as on AWS, with the
 * same rules and output.
 */
export class RedriveCommand implements Redrive {
  private readonly running = new Set<ChildProcess>();
  private readonly killAll = (): void => this.running.forEach((child) => child.kill("SIGKILL"));

  /**
   * @param consoleUrl returns the URL by which the command finds the local cloud.
   * @param log receives each line and its source.
   */
  constructor(
    private readonly consoleUrl: () => string,
    private readonly log: (source: string, line: string) => void,
  ) {
    process.on("exit", this.killAll);
  }

  run({ region, dryRun, discard }: RedriveRequest): Promise<RedriveResult> {
    const options = [
      `--local=${this.consoleUrl()}`,
      `--region=${region}`,
      ...(dryRun ? ["--dry-run"] : []),
      ...(discard === undefined ? [] : [`--discard=${discard}`]),
    ];
    const child = spawn(
      process.execPath,
      [join(PROJECT_DIRECTORY, "operations/run.js"), "redrive", ...options],
      {
        cwd: PROJECT_DIRECTORY,
        stdio: ["ignore", "pipe", "pipe"],
        timeout: TIMEOUT_MS,
        killSignal: "SIGKILL",
      },
    );
    this.running.add(child);
    const lines: string[] = [];
    let characters = 0;
    const keep = (line: string): void => {
      this.log(`${region} redrive`, line);
      characters += line.length;
      if (characters <= MAXIMUM_CHARACTERS) lines.push(line);
    };
    for (const output of [child.stdout, child.stderr]) createInterface({ input: output }).on("line", keep);
    return new Promise((resolve, reject) => {
      child.once("error", (error) => {
        this.running.delete(child);
        reject(error);
      });
      child.once("close", (exitCode) => {
        this.running.delete(child);
        if (characters > MAXIMUM_CHARACTERS) lines.push("The rest of the output is omitted.");
        resolve({ exitCode, lines });
      });
    });
  }

  /** Kills running commands. Messages that they have received become visible after five minutes. */
  async close(): Promise<void> {
    process.off("exit", this.killAll);
    this.killAll();
  }
}
