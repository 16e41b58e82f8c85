import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { EngineRun } from "../../../local/pulumi/engine/engine-run";
import type {
  EngineAttempt,
  EngineRunOptions,
  EngineStack,
  EngineState,
} from "../../../local/pulumi/engine/engine-stack";
import { atSpeed, stackConfig } from "../../../local/pulumi/stack-config";
import { PROJECT_DIRECTORY } from "../../../local/services";
import type { KillableCli } from "./killable-cli";
import type { ProgramCopy } from "./program-copy";

/** Changes of the configuration of a stack by full key; undefined removes a key. */
export type ConfigChanges = Readonly<Record<string, string | undefined>>;

/** Stack with its own copy of the program. */
export class StackUnderTest {
  private config: ConfigChanges;

  constructor(
    private readonly stack: EngineStack,
    readonly program: ProgramCopy,
    private readonly cli: KillableCli,
    private readonly settings: { readonly speed: number; readonly config: ConfigChanges },
  ) {
    this.config = settings.config;
  }

  up(options: RunOptions = {}): Promise<EngineRun> {
    return this.stack.up(this.optionsOf(options));
  }

  /** Like `up`, but returns the error. */
  tryUp(options: RunOptions = {}): Promise<EngineAttempt> {
    return this.stack.tryUp(this.optionsOf(options));
  }

  preview(options: RunOptions = {}): Promise<EngineRun> {
    return this.stack.preview(this.optionsOf(options));
  }

  refresh(options: RunOptions = {}): Promise<EngineRun> {
    return this.stack.refresh(this.optionsOf(options));
  }

  destroy(options: RunOptions = {}): Promise<EngineRun> {
    return this.stack.destroy(this.optionsOf(options));
  }

  /** Like `destroy`, but returns the error. */
  tryDestroy(options: RunOptions = {}): Promise<EngineAttempt> {
    return this.stack.tryDestroy(this.optionsOf(options));
  }

  /** Plans a `destroy`, and returns the error of a failed plan. */
  tryPreviewDestroy(options: RunOptions = {}): Promise<EngineAttempt> {
    return this.stack.tryPreviewDestroy(this.optionsOf(options));
  }

  /** Releases the lock of a killed run. */
  cancel(): Promise<void> {
    return this.stack.cancel();
  }

  /** Ends the running engine at once, as a crash does. */
  kill(): void {
    this.cli.kill();
  }

  /**
   * Runs a shell command of a document in the folder of the program, such as `pulumi state unprotect`, and returns its output. Commands
   * that run the program are not supported, as the engine gets it from this process.
   * @throws Error with the output of a command that fails.
   */
  async shell(command: string): Promise<string> {
    const { stdout } = await promisify(execFile)("bash", ["-o", "pipefail", "-c", command], {
      cwd: this.program.directory,
      env: {
        ...process.env,
        ...this.stack.environment,
        PATH: `${this.cli.directory}:${process.env.PATH ?? ""}`,
        PULUMI_SKIP_CONFIRMATIONS: "true",
      },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  }

  outputs(): Promise<Record<string, unknown>> {
    return this.stack.outputs();
  }

  state(): Promise<EngineState> {
    return this.stack.state();
  }

  /** Replaces the resources of the state; see `restore`. */
  importResources(resources: EngineState["resources"]): Promise<void> {
    return this.stack.importResources(resources);
  }

  private optionsOf({ config, ...options }: RunOptions): EngineRunOptions {
    this.config = { ...this.config, ...config };
    const { name } = this.stack;
    return {
      ...options,
      config: atSpeed(stackConfig(PROJECT_DIRECTORY, name, this.config), this.settings.speed),
    };
  }
}

/** Options of a run; the configuration is merged into that of the runs before. */
export type RunOptions = Omit<EngineRunOptions, "config"> & { readonly config?: ConfigChanges };
