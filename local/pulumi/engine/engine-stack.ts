import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { automation } from "@pulumi/pulumi";
import { makeDirectory } from "../../../shared/make-directory";
import { localStackVariables } from "../../../shared/local-stack-variables";
import { withoutStackTraces } from "../stack-traces";
import { EngineError } from "./engine-error";
import { EngineRunRecorder, type EngineRun } from "./engine-run";
import { writeStackConfig } from "./project-directory";
import { reduceSdkOverhead } from "./sdk-overhead";

/** Options of a stack. */
export interface EngineStackOptions {
  readonly stack: string;
  /** Working directory of the CLI, with the Pulumi files; see `linkProject`. */
  readonly workDirectory: string;
  /** Folder that keeps the states of all stacks of an account. */
  readonly backend: string;
  /** Folder for the CLI's own files. */
  readonly home: string;
  /** Value of `PULUMI_DEBUG_PROVIDERS`; see `ProviderServer`. */
  readonly debugProviders: string;
  /** Declares the resources and returns the stack outputs. */
  readonly program: automation.PulumiFn;
  /** Pulumi CLI; the one from PATH by default. */
  readonly command?: automation.PulumiCommand;
  /**
   * Whether the state is saved after each resource, as Pulumi does, so that a killed engine loses nothing. By default it is saved once
   * at the end: writing the growing state hundreds of times takes most of the time of a first `up`.
   */
  readonly checkpoints?: boolean;
}

/** Options of one run of the engine. */
export interface EngineRunOptions {
  /** Stack configuration by full key, with values as text; by default that of the last run. */
  readonly config?: Readonly<Record<string, string>>;
  /** Receives the CLI's output. */
  readonly onOutput?: (text: string) => void;
  /** Cancels the run as Ctrl-C does: operations in flight are completed. The run then fails, and no other one with this signal starts. */
  readonly signal?: AbortSignal;
  /** URNs or patterns to which the run is limited. */
  readonly target?: string[];
  /** URNs or patterns that the run leaves out. */
  readonly exclude?: string[];
  /** Colors of the output; none by default. */
  readonly color?: "always" | "never";
  /** Prints the differences in detail. */
  readonly diff?: boolean;
  /** Maximum number of resources that are changed at once. */
  readonly parallel?: number;
  /** After a failure, continues with the resources that do not depend on it. */
  readonly continueOnError?: boolean;
}

/** Outcome of a run that may have failed. */
export interface EngineAttempt extends EngineRun {
  /** Undefined after success. */
  readonly error: Error | undefined;
}

/**
 * Keeps the CLI from writing a verbose log of each run, whose compression takes almost half of its processor time. It has no setting, but goes on
 * without the log when its folder cannot be created: `StartLogging` in pkg/logging/encrypted.go of Pulumi.
 */
function leaveOutLogs(home: string): void {
  const folder = join(home, "logs");
  if (!existsSync(folder)) writeFileSync(folder, "");
}

/**
 * Returns the stack without the reads that follow a run, whose results are not used: `up` starts three processes of the CLI for the outputs and
 * the history, `refresh` and `destroy` one.
 */
function withoutSummary(stack: automation.Stack): automation.Stack {
  const summary = { outputs: () => Promise.resolve({}), info: () => Promise.resolve(undefined) };
  return Object.assign(Object.create(stack) as automation.Stack, summary);
}

/** Stack of the real Pulumi engine whose resources are on the local cloud. */
export class EngineStack {
  /** Stack without the reads that follow a run. */
  private readonly runs: automation.Stack;

  private constructor(
    private readonly options: EngineStackOptions,
    private readonly stack: automation.Stack,
  ) {
    this.runs = withoutSummary(stack);
  }

  /** Creates the stack, or selects an existing one. */
  static async open(options: EngineStackOptions): Promise<EngineStack> {
    const { backend, home, workDirectory, program, debugProviders, command, checkpoints = false } = options;
    for (const folder of [backend, home]) makeDirectory(folder);
    leaveOutLogs(home);
    reduceSdkOverhead();
    const workspace = await automation.LocalWorkspace.create({
      workDir: workDirectory,
      pulumiHome: home,
      program,
      pulumiCommand: command,
      envVars: {
        ...localStackVariables(backend, debugProviders),
        // The CLI, which runs for seconds only, collects garbage less often than by default (100): a sixth of its processor time.
        GOGC: "400",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_SKIP_CHECKPOINTS: String(!checkpoints),
        PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: String(!checkpoints),
      },
    });
    const stack = await automation.Stack.createOrSelect(options.stack, workspace);
    return new EngineStack(options, stack);
  }

  get name(): string {
    return this.options.stack;
  }

  /** Environment variables of the CLI that select the account of this stack. */
  get environment(): Readonly<Record<string, string>> {
    return { ...this.stack.workspace.envVars, PULUMI_HOME: this.options.home };
  }

  /** Creates and changes what differs from the program. @throws Error with the engine's messages. */
  up(options: EngineRunOptions = {}): Promise<EngineRun> {
    return this.succeed(this.tryUp(options));
  }

  /** Like `up`, but returns the error of a failed run with what was done before it. */
  tryUp(options: EngineRunOptions = {}): Promise<EngineAttempt> {
    return this.run(options, false, (common) => this.runs.up(common));
  }

  /** Plans an `up`. */
  preview(options: EngineRunOptions = {}): Promise<EngineRun> {
    return this.succeed(this.run(options, true, (common) => this.runs.preview(common)));
  }

  /** Adopts into the state what the resources are now. `updated` are those that differ from the state. */
  refresh(options: EngineRunOptions = {}): Promise<EngineRun> {
    return this.succeed(this.run(options, false, (common) => this.runs.refresh(common)));
  }

  /** Deletes every resource. */
  destroy(options: EngineRunOptions = {}): Promise<EngineRun> {
    return this.succeed(this.tryDestroy(options));
  }

  /** Like `destroy`, but returns the error of a failed run with what was deleted before it. */
  tryDestroy(options: EngineRunOptions = {}): Promise<EngineAttempt> {
    return this.run(options, false, (common) => this.runs.destroy(common));
  }

  /** Plans a `destroy`. The error of a failed plan names what must not be deleted. */
  tryPreviewDestroy(options: EngineRunOptions = {}): Promise<EngineAttempt> {
    return this.run(options, true, (common) => this.runs.previewDestroy(common));
  }

  /** Releases the lock of a run that ended without it. */
  cancel(): Promise<void> {
    return this.stack.cancel();
  }

  /** Returns the stack outputs. */
  async outputs(): Promise<Record<string, unknown>> {
    const outputs = await this.stack.outputs();
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /** Returns the state. */
  async state(): Promise<EngineState> {
    const { deployment } = (await this.stack.exportStack()) as { deployment: EngineState };
    return deployment;
  }

  /** Replaces the resources of the state, and drops its pending operations. The resources themselves are not changed. */
  async importResources(resources: EngineState["resources"]): Promise<void> {
    const exported = await this.stack.exportStack();
    const deployment = { ...(exported.deployment as EngineState), resources };
    await this.stack.importStack({ ...exported, deployment });
  }

  private async succeed(run: Promise<EngineAttempt>): Promise<EngineRun> {
    const { error, ...done } = await run;
    if (error) throw error;
    return done;
  }

  private async run(
    { config, onOutput, color = "never", ...rest }: EngineRunOptions,
    isPreview: boolean,
    start: (options: automation.UpOptions) => Promise<unknown>,
  ): Promise<EngineAttempt> {
    if (config) await writeStackConfig(this.options.workDirectory, this.name, config);
    const recorder = new EngineRunRecorder(isPreview);
    const { onEvent } = recorder;
    const { signal } = rest;
    try {
      // The automation API does not see a signal that is aborted already.
      signal?.throwIfAborted();
      await withoutStackTraces(() => start({ ...rest, onEvent, onOutput, onError: onOutput, color }));
      // The CLI can end a cancelled run with exit code 0.
      signal?.throwIfAborted();
      return { ...recorder.result(), error: undefined };
    } catch (error) {
      const result = recorder.result();
      return { ...result, error: engineError(result, error as Error) };
    }
  }
}

/** Parts of the engine's state of a stack. */
export interface EngineState {
  readonly resources?: readonly {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly custom?: boolean;
    readonly parent?: string;
    readonly delete?: boolean;
    readonly protect?: boolean;
    readonly retainOnDelete?: boolean;
    /** URN and id of the provider, separated by `::`. */
    readonly provider?: string;
    readonly dependencies?: readonly string[];
    readonly inputs?: Readonly<Record<string, unknown>>;
    readonly outputs?: Readonly<Record<string, unknown>>;
  }[];
  readonly pending_operations?: readonly {
    readonly type: string;
    readonly resource: { readonly urn: string };
  }[];
}

function engineError({ errors }: EngineRun, cause: Error): Error {
  return errors.length > 0 ? new EngineError(errors.join("\n"), { cause }) : cause;
}
