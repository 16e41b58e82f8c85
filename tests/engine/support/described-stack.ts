import { copyFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cleanup, temporaryDirectory } from "../../../local/cleanup";
import type { EngineRun } from "../../../local/pulumi/engine/engine-run";
import { EngineStack, type EngineAttempt } from "../../../local/pulumi/engine/engine-stack";
import { inlineProgram } from "../../../local/pulumi/inline-program";
import { ProviderServer } from "../../../local/pulumi/provider/provider-server";
import { PROJECT_DIRECTORY } from "../../../local/services";
import { makeDirectory } from "../../../shared/make-directory";
import type { Described } from "../../local/support/described-deployment";
import { MemoryQueues, QUEUE } from "../../local/support/memory-queues";

const PROGRAM = join(PROJECT_DIRECTORY, "tests", "local", "pulumi", "programs", "described.ts");

/** Stack of the real engine with the program `programs/described.ts` and queues in memory, for sequences of programs. */
export class DescribedStack {
  private constructor(
    readonly queues: MemoryQueues,
    private readonly stack: EngineStack,
    private readonly cleanup: Cleanup,
  ) {}

  static async open(): Promise<DescribedStack> {
    const cleanup = new Cleanup();
    const queues = new MemoryQueues();
    const provider = await ProviderServer.start({
      ...{ resourceHandlers: { [QUEUE]: queues.handler }, remoteComponents: {}, directory: __dirname },
    });
    cleanup.add(() => provider.close());
    const directory = await temporaryDirectory(cleanup);
    const project = join(directory, "project");
    makeDirectory(project);
    copyFileSync(PROGRAM, join(project, "index.ts"));
    writeFileSync(join(project, "Pulumi.yaml"), "name: tickets\nruntime: nodejs\n");
    symlinkSync(join(PROJECT_DIRECTORY, "node_modules"), join(project, "node_modules"));
    const stack = await EngineStack.open({
      ...{ stack: "ireland", workDirectory: project },
      ...{ backend: join(directory, "backend"), home: join(directory, "home") },
      debugProviders: provider.debugProviders,
      program: inlineProgram(project),
    });
    return new DescribedStack(queues, stack, cleanup);
  }

  /** Deploys the queues. */
  up(described: readonly Described[]): Promise<EngineRun> {
    return this.stack.up(optionsOf(described));
  }

  /** Deploys the queues and returns the error of a failed run. */
  tryUp(described: readonly Described[]): Promise<EngineAttempt> {
    return this.stack.tryUp(optionsOf(described));
  }

  close(): Promise<void> {
    return this.cleanup.close();
  }
}

function optionsOf(described: readonly Described[]): { config: Record<string, string> } {
  return { config: { "tickets:queues": JSON.stringify(described) } };
}
