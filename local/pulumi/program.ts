import { AsyncLocalStorage } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import * as state from "@pulumi/pulumi/runtime/state";
import type { CreatedResource, RemoteComponent } from "../aws/resource";
import { defaultTagsOf } from "./default-tags";
import { loadProgram } from "./program-loading";
import { aliasesOf, childRegistration, Registration, registrationOf, UrnOf } from "./registration";
import { ResourceError } from "./resource-error";
import { unwrapSecrets } from "./secrets";

/** Inputs of a run of the program. */
export interface ProgramRun {
  /** Name of the Pulumi project. */
  readonly project: string;
  /** Name of the Pulumi stack. */
  readonly stack: string;
  /** The stack's configuration by full key, with values as text. */
  readonly config: Readonly<Record<string, string>>;
  /** Files of the program that changed since it was loaded; see `loadProgram`. */
  readonly changedFiles?: readonly string[];
  /** Brings a resource to the state that the program declares. Not called after the run has ended. */
  readonly register: (registration: Registration) => Promise<CreatedResource>;
  /** By Pulumi type token; none by default. */
  readonly remoteComponents?: Readonly<Record<string, RemoteComponent>>;
  /** Aborts the run. */
  readonly stop?: AbortSignal;
}

/** The program's resolved stack outputs by name. */
export type StackOutputs = Readonly<Record<string, unknown>>;

const PROVIDER = "pulumi:providers:aws";

/** Function of Pulumi's SDK that calls another one with its own monitor and settings, as the Automation API does. It is not in the types. */
const { withLocalStorage } = state as unknown as {
  withLocalStorage(callback: () => Promise<StackOutputs>): Promise<StackOutputs>;
};

/**
 * Runs `index.ts`, unchanged, under the Pulumi SDK's mocks, which register every resource with the caller.
 *
 * Each run has its own monitor. Parts of a failed run can still register resources while the next run is under way, and the next
 * monitor does not know their parents.
 * @throws the error of the first resource that could not be registered, the program's own error, or the reason of `stop`.
 */
export function runProgram(run: ProgramRun): Promise<StackOutputs> {
  // What a resource handler starts, such as a server, would otherwise keep the monitor in memory.
  const inCallersContext = AsyncLocalStorage.snapshot();
  const register: ProgramRun["register"] = (registration) => inCallersContext(run.register, registration);
  return withLocalStorage(() => runWithMocks({ ...run, register }));
}

async function runWithMocks(run: ProgramRun): Promise<StackOutputs> {
  const failure = new Failure();
  const stopped = (): void => failure.raise(run.stop?.reason);
  pulumi.runtime.setAllConfig({ ...run.config });
  const mocks = new ProgramMocks(run, failure);
  await pulumi.runtime.setMocks(mocks, run.project, run.stack, false);
  mocks.listenTo(pulumi.runtime.getMonitor() as unknown as MockMonitor);
  process.on("unhandledRejection", failure.raise);
  run.stop?.addEventListener("abort", stopped);
  try {
    run.stop?.throwIfAborted();
    return await loadProgram(
      () => Promise.race([pulumi.runtime.disconnect(), failure.raised]),
      run.changedFiles,
    );
  } catch (error) {
    failure.raise(error);
    // The program's pending promises never resolve. Pulumi would report them as a leak when the process ends.
    pulumi.runtime.terminateRpcs();
    throw error;
  } finally {
    run.stop?.removeEventListener("abort", stopped);
    process.off("unhandledRejection", failure.raise);
  }
}

/** The first error of a run. An error that the mocks throw does not end the program, so `raised` rejects with it instead. */
class Failure {
  readonly raised: Promise<never>;
  readonly raise: (error: unknown) => void;
  private isRaised = false;

  constructor() {
    let reject: (error: unknown) => void = () => undefined;
    this.raised = new Promise<never>((_, rejectNow) => (reject = rejectNow));
    this.raised.catch(() => undefined);
    this.raise = (error) => {
      this.isRaised = true;
      reject(error);
    };
  }

  /** Returns a promise that never resolves once an error is raised, so that the rest of the program waits; else undefined. */
  halt(): Promise<never> | undefined {
    return this.isRaised ? new Promise(() => undefined) : undefined;
  }
}

/** The SDK's mock monitor, as far as it is used here. */
interface MockMonitor {
  newUrn: UrnOf;
  registerResource(request: RegisterResourceRequest, callback: unknown): Promise<void>;
}

/** Answer to a registration. */
type Registered = { id: string; state: Record<string, unknown> };

/** Stands in for the Pulumi engine: passes each resource that the program registers to the caller. */
class ProgramMocks implements pulumi.runtime.Mocks {
  private readonly providers = new Map<string, Pick<Registration, "region" | "defaultTags">>();
  private readonly aliases = new Map<string, readonly string[]>();
  private request: RegisterResourceRequest | undefined;
  private urnOf: UrnOf = () => "";

  constructor(
    private readonly run: ProgramRun,
    private readonly failure: Failure,
  ) {}

  /** Keeps each request until `newResource` is called for it, because the mocks do not pass on all of its parts. */
  listenTo(monitor: MockMonitor): void {
    this.urnOf = (parent, type, name) => monitor.newUrn(parent, type, name);
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, callback) => {
      this.request = request;
      // Calls `newResource` before it returns.
      return register(request, callback);
    };
  }

  async newResource(args: pulumi.runtime.MockResourceArgs): Promise<Registered> {
    const { request } = this;
    this.request = undefined;
    try {
      const inputs = unwrapSecrets(args.inputs) as Record<string, unknown>;
      return (await this.failure.halt()) ?? (await this.registered(args, inputs, request));
    } catch (error) {
      const isNamed = error instanceof ResourceError;
      this.failure.raise(isNamed ? error : new ResourceError(args.type, args.name, "created", error));
      return new Promise(() => undefined);
    }
  }

  async call(args: pulumi.runtime.MockCallArgs): Promise<Record<string, unknown>> {
    const error = new Error(`The program calls ${args.token}, which the local cloud does not emulate.`);
    this.failure.raise(error);
    throw error;
  }

  private async registered(
    args: pulumi.runtime.MockResourceArgs,
    inputs: Record<string, unknown>,
    request: RegisterResourceRequest | undefined,
  ): Promise<Registered> {
    const { type, name } = args;
    if (!request) throw new Error("the local cloud does not emulate the reading of existing resources.");
    if (type === PROVIDER) {
      this.providers.set(name, { region: String(inputs.region), defaultTags: defaultTagsOf(inputs) });
      return { id: name, state: { ...args.inputs } };
    }
    const urn = this.urnOf(request.getParent(), type, name);
    const aliases = aliasesOf(request, this.aliases.get(request.getParent()) ?? [], this.urnOf);
    this.aliases.set(urn, aliases);
    if (request.getRemote()) return { id: "", state: await this.remote(request, urn, inputs) };
    if (!request.getCustom()) return { id: "", state: {} };
    const provider = this.providerOf(request.getProvider());
    const { id, outputs } = await this.run.register(
      registrationOf(request, { urn, aliases, inputs, ...provider }),
    );
    return { id, state: { ...args.inputs, ...outputs } };
  }

  /** Creates the children of a remote component and returns its outputs. */
  private async remote(
    request: RegisterResourceRequest,
    parent: string,
    inputs: Record<string, unknown>,
  ): Promise<Record<string, unknown>> {
    const [type, name] = [request.getType(), request.getName()];
    const component = this.run.remoteComponents?.[type];
    if (!component)
      throw new Error("the local cloud does not emulate this component type; see docs/local-cloud.md.");
    const provider = request.getProvidersMap().get("aws") ?? "";
    const children = new Map<unknown, Record<string, unknown>>();
    const outputs = await component({ name, inputs }, async (childType, childName, childInputs) => {
      await this.failure.halt();
      const urn = this.urnOf(parent, childType, childName);
      const identity = { urn, type: childType, name: childName };
      const child = { ...identity, ...this.providerOf(provider), inputs: childInputs };
      const { id, outputs: computed } = await this.run.register(childRegistration(child));
      const resource = { id, outputs: { ...childInputs, ...computed } };
      children.set(resource, { ...resource.outputs, id });
      return resource;
    });
    const resolved = Object.entries(outputs).map(([key, value]) => [key, children.get(value) ?? value]);
    return { ...inputs, ...Object.fromEntries(resolved) };
  }

  private providerOf(reference: string): Pick<Registration, "region" | "defaultTags"> {
    const provider = this.providers.get(reference.split("::").pop() ?? "");
    if (provider) return provider;
    throw new Error(
      "it has no explicit provider, so its region would depend on the environment of the caller.",
    );
  }
}
