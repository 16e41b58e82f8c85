import * as pulumi from "@pulumi/pulumi";
import { loadProgram } from "./program-loading";
import { DeclaredResource, ResourceHandler, CreatedResource, physicalNameOf } from "../aws/resource";
import { unwrapSecrets } from "./secrets";

/** What running the program needs. */
export interface ProgramRun {
  /** Name of the Pulumi project. */
  readonly project: string;
  /** Name of the Pulumi stack. */
  readonly stack: string;
  /** The stack's configuration: full keys, values as text. */
  readonly config: Readonly<Record<string, string>>;
  /** What can be made, by Pulumi type token. */
  readonly resourceHandlers: Readonly<Record<string, ResourceHandler>>;
  /** Called before each resource is made. */
  readonly onResource?: (resource: DeclaredResource) => void;
  /** Ends the run. */
  readonly stop?: AbortSignal;
}

/** The program's stack outputs by name, resolved. */
export type StackOutputs = Readonly<Record<string, unknown>>;

const PROVIDER = "pulumi:providers:aws";

/**
 * Runs `index.ts`, unchanged, under the Pulumi SDK's own mocks, making every resource on this machine.
 * @throws Error that names the resource which could not be made, or what the program itself threw, or the reason of `stop`.
 */
export async function runProgram(run: ProgramRun): Promise<StackOutputs> {
  const failure = new Failure();
  const stopped = (): void => failure.raise(run.stop?.reason);
  pulumi.runtime.setAllConfig({ ...run.config });
  await pulumi.runtime.setMocks(new LocalMonitor(run, failure), run.project, run.stack, false);
  process.on("unhandledRejection", failure.raise);
  run.stop?.addEventListener("abort", stopped);
  try {
    run.stop?.throwIfAborted();
    return await loadProgram(() => Promise.race([pulumi.runtime.disconnect(), failure.raised]));
  } catch (error) {
    // What the program still waits for never comes; without this Pulumi would report it as a leak when the process ends.
    pulumi.runtime.terminateRpcs();
    throw error;
  } finally {
    run.stop?.removeEventListener("abort", stopped);
    process.off("unhandledRejection", failure.raise);
  }
}

/** The first error of a run. A throw inside the mocks does not end the program, so it is carried out this way. */
class Failure {
  readonly raised: Promise<never>;
  raise!: (error: unknown) => void;

  constructor() {
    this.raised = new Promise<never>((_, reject) => {
      this.raise = reject;
    });
    this.raised.catch(() => undefined);
  }
}

/** Stands in for the Pulumi engine: creates each resource with its resource handler. */
class LocalMonitor implements pulumi.runtime.Mocks {
  private readonly regionOfProvider = new Map<string, string>();

  constructor(
    private readonly run: ProgramRun,
    private readonly failure: Failure,
  ) {}

  async newResource(
    args: pulumi.runtime.MockResourceArgs,
  ): Promise<{ id: string; state: Record<string, unknown> }> {
    if (args.custom === false && !this.run.resourceHandlers[args.type]) return { id: "", state: {} };
    try {
      const { id, outputs } = await this.make(args);
      return { id, state: { ...args.inputs, ...outputs } };
    } catch (error) {
      this.failure.raise(
        new Error(`${args.type} "${args.name}" could not be made: ${(error as Error).message}`, {
          cause: error,
        }),
      );
      return new Promise(() => undefined);
    }
  }

  async call(args: pulumi.runtime.MockCallArgs): Promise<Record<string, unknown>> {
    const error = new Error(`The program calls ${args.token}, which the local cloud does not know.`);
    this.failure.raise(error);
    throw error;
  }

  private async make(args: pulumi.runtime.MockResourceArgs): Promise<CreatedResource> {
    const inputs = unwrapSecrets(args.inputs) as Record<string, unknown>;
    if (args.type === PROVIDER) {
      this.regionOfProvider.set(args.name, String(inputs.region));
      return { id: args.name, outputs: {} };
    }
    const handler = this.run.resourceHandlers[args.type];
    if (!handler)
      throw new Error("the local cloud does not emulate this resource type; see docs/local-cloud.md.");
    const resource: DeclaredResource = {
      type: args.type,
      name: args.name,
      region: this.regionOf(args),
      physicalName: physicalNameOf(this.run.stack, args.type, args.name),
      inputs,
    };
    this.run.onResource?.(resource);
    return handler(resource);
  }

  private regionOf({ provider, custom }: pulumi.runtime.MockResourceArgs): string {
    const region = this.regionOfProvider.get(provider?.split("::").pop() ?? "");
    if (region) return region;
    if (custom === false) return "";
    throw new Error(
      "it has no explicit provider, so its region would be whatever the caller's environment says.",
    );
  }
}
