import { Deployment, UpdateResult } from "../../../local/pulumi/deployment";
import { MemoryQueues, QUEUE } from "./memory-queues";
import { swapProgram } from "./program-swap";

/** Queue of `tests/local/pulumi/programs/described.ts`. */
export type Described = { readonly name: string } & Readonly<Record<string, unknown>>;

/** Deployment of `programs/described.ts` with queues in memory, for sequences of programs. */
export class DescribedDeployment {
  readonly queues = new MemoryQueues();
  private deployment = this.newDeployment();
  /** Makes the local cloud load `index.ts` again. */
  readonly restoreProgram = swapProgram("described");

  /** Starts without any state, as a new process does. */
  restart(): void {
    this.deployment = this.newDeployment();
  }

  /** Deploys the queues. */
  update(described: readonly Described[], config: Record<string, string> = {}): Promise<UpdateResult> {
    return this.deployment.update({ config: { "tickets:queues": JSON.stringify(described), ...config } });
  }

  /** Deploys the queues and returns the calls of their handler. */
  async calls(...described: Described[]): Promise<string[]> {
    await this.update(described);
    return this.queues.newCalls();
  }

  /** Returns the physical names of the queues that exist, sorted. */
  names(): string[] {
    return [...this.queues.existing.values()].map(({ name }) => String(name)).sort();
  }

  private newDeployment(): Deployment {
    return new Deployment({
      ...{ project: "tickets", stack: "ireland", directory: __dirname },
      resourceHandlers: { [QUEUE]: this.queues.handler },
    });
  }
}

/** Returns the steps of an update in the form `operation name changed-input`. */
export function operations({ steps }: UpdateResult): string[] {
  return steps.map(({ operation, name, changed }) => [operation, name, ...changed].join(" "));
}
