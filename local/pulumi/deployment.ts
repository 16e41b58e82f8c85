import { setTimeout as sleep } from "node:timers/promises";
import type { RemoteComponent, ResourceHandler } from "../aws/resource";
import { Contents } from "./contents";
import { runProgram, StackOutputs } from "./program";
import type { Registration } from "./registration";
import { StackState } from "./stack-state";
import { Step, Update } from "./update";

/** Stack to deploy, and what creates its resources. */
export interface DeploymentOptions {
  /** Name of the Pulumi project. */
  readonly project: string;
  /** Name of the Pulumi stack. */
  readonly stack: string;
  /** Base of relative paths of assets and archives. */
  readonly directory: string;
  /** By Pulumi type token. */
  readonly resourceHandlers: Readonly<Record<string, ResourceHandler>>;
  /** By Pulumi type token. */
  readonly remoteComponents?: Readonly<Record<string, RemoteComponent>>;
}

/** Inputs of one update. */
export interface UpdateOptions {
  /** The stack's configuration by full key, with values as text. */
  readonly config: Readonly<Record<string, string>>;
  /** Files of the program that changed since the start of the last update; the modules that load them are loaded again. */
  readonly changedFiles?: readonly string[];
  /** Aborts the update. */
  readonly stop?: AbortSignal;
}

/** Result of an update. */
export interface UpdateResult {
  /** The program's resolved stack outputs by name. */
  readonly outputs: StackOutputs;
  /** What was done, in the order of completion. */
  readonly steps: readonly Step[];
}

/** Time limit for the steps of a failed update that were still running when it failed, in milliseconds. */
const PENDING_STEPS_MS = 30_000;

/** Stack that is deployed on this machine without the Pulumi engine. Each update runs the program and applies what changed. */
export class Deployment {
  private readonly state: StackState;
  private readonly pending = new Map<Promise<unknown>, string>();

  constructor(private readonly options: DeploymentOptions) {
    this.state = new StackState(options.stack);
  }

  /**
   * Runs the program and applies its changes. Updates must not overlap. After a failure the resources stay as the completed steps left
   * them, and the next update completes what is missing.
   * @throws Error that names the resource and the problem, the program's own error, or the reason of `stop`.
   */
  async update({ config, changedFiles, stop }: UpdateOptions): Promise<UpdateResult> {
    await this.pendingSteps();
    const { project, stack, directory, resourceHandlers, remoteComponents } = this.options;
    const update = new Update(this.state, resourceHandlers, new Contents(directory));
    const outputs = await runProgram({
      ...{ project, stack, config, changedFiles, stop, remoteComponents },
      register: (registration) => this.track(registration, update.register(registration)),
    });
    await update.deleteOthers();
    return { outputs, steps: update.steps };
  }

  private track<T>({ type, name }: Registration, step: Promise<T>): Promise<T> {
    this.pending.set(step, `${type} "${name}"`);
    const done = (): void => void this.pending.delete(step);
    step.then(done, done);
    return step;
  }

  /** Waits for the steps that were running when the last update failed. */
  private async pendingSteps(): Promise<void> {
    const settled = Promise.allSettled(this.pending.keys());
    await Promise.race([settled, sleep(PENDING_STEPS_MS, undefined, { ref: false })]);
    if (this.pending.size === 0) return;
    throw new Error(
      `The last update failed, and ${[...this.pending.values()].join(", ")} did not finish in ${PENDING_STEPS_MS / 1000} s. ` +
        "Restart the local cloud.",
    );
  }
}
