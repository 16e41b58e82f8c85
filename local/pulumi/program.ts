import * as pulumi from "@pulumi/pulumi";
import { loadProgram } from "./program-loading";
import { checkInputs } from "../aws/inputs";
import {
  DeclaredResource,
  ResourceHandler,
  CreatedResource,
  RemoteComponent,
  physicalNameOf,
} from "../aws/resource";

/** Inputs of a run of the program. */
export interface ProgramRun {
  /** Name of the Pulumi project. */
  readonly project: string;
  /** Name of the Pulumi stack. */
  readonly stack: string;
  /** The stack's configuration by full key, with values as text. */
  readonly config: Readonly<Record<string, string>>;
  /** By Pulumi type token. */
  readonly resourceHandlers: Readonly<Record<string, ResourceHandler>>;
  /** By Pulumi type token; none by default. */
  readonly remoteComponents?: Readonly<Record<string, RemoteComponent>>;
  /** Called before each resource is created. */
  readonly onResource?: (resource: DeclaredResource) => void;
  /** Aborts the run. */
  readonly stop?: AbortSignal;
}

/** The program's resolved stack outputs by name. */
export type StackOutputs = Readonly<Record<string, unknown>>;

const PROVIDER = "pulumi:providers:aws";

/**
 * Runs `index.ts`, unchanged, under the Pulumi SDK's mocks, which create every resource on this machine.
 * @throws Error that names the resource that could not be created, the program's own error, or the reason of `stop`.
 */
export async function runProgram(run: ProgramRun): Promise<StackOutputs> {
  const failure = new Failure();
  const stopped = (): void => failure.raise(run.stop?.reason);
  pulumi.runtime.setAllConfig({ ...run.config });
  const monitor = new LocalMonitor(run, failure);
  await pulumi.runtime.setMocks(monitor, run.project, run.stack, false);
  observeComponents((type, name, provider) => monitor.noteProvider(type, name, provider));
  process.on("unhandledRejection", failure.raise);
  run.stop?.addEventListener("abort", stopped);
  try {
    run.stop?.throwIfAborted();
    return await loadProgram(() => Promise.race([pulumi.runtime.disconnect(), failure.raised]));
  } catch (error) {
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
  private readonly providerOfComponent = new Map<string, string>();

  constructor(
    private readonly run: ProgramRun,
    private readonly failure: Failure,
  ) {}

  /** Notes the AWS provider that the children of a component use. */
  noteProvider(type: string, name: string, provider: string): void {
    this.providerOfComponent.set(`${type} ${name}`, provider);
  }

  async newResource(
    args: pulumi.runtime.MockResourceArgs,
  ): Promise<{ id: string; state: Record<string, unknown> }> {
    const component = this.run.remoteComponents?.[args.type];
    if (args.custom === false && !component) return { id: "", state: {} };
    try {
      if (component) return { id: "", state: await this.createComponent(component, args) };
      const { id, outputs } = await this.create(args);
      return { id, state: { ...args.inputs, ...outputs } };
    } catch (error) {
      this.failure.raise(
        new Error(`${args.type} "${args.name}" could not be created: ${(error as Error).message}`, {
          cause: error,
        }),
      );
      return new Promise(() => undefined);
    }
  }

  async call(args: pulumi.runtime.MockCallArgs): Promise<Record<string, unknown>> {
    const error = new Error(`The program calls ${args.token}, which the local cloud does not emulate.`);
    this.failure.raise(error);
    throw error;
  }

  private async createComponent(
    component: RemoteComponent,
    { type, name, inputs }: pulumi.runtime.MockResourceArgs,
  ): Promise<Record<string, unknown>> {
    const provider = this.providerOfComponent.get(`${type} ${name}`);
    const children = new Map<unknown, Record<string, unknown>>();
    const outputs = await component(
      { name, inputs: unwrapSecrets(inputs) as Record<string, unknown> },
      async (childType, childName, childInputs) => {
        const child = { type: childType, name: childName, inputs: childInputs, provider };
        const created = await this.create(child);
        const resource = { id: created.id, outputs: { ...childInputs, ...created.outputs } };
        children.set(resource, { ...resource.outputs, id: resource.id });
        return resource;
      },
    );
    return Object.fromEntries(
      Object.entries(outputs).map(([output, value]) => [output, children.get(value) ?? value]),
    );
  }

  private async create(args: pulumi.runtime.MockResourceArgs): Promise<CreatedResource> {
    const inputs = unwrapSecrets(args.inputs) as Record<string, unknown>;
    if (args.type === PROVIDER) {
      this.regionOfProvider.set(args.name, String(inputs.region));
      return { id: args.name, outputs: {} };
    }
    const handler = this.run.resourceHandlers[args.type];
    if (!handler)
      throw new Error("the local cloud does not emulate this resource type; see docs/local-cloud.md.");
    const physicalName = physicalNameOf(this.run.stack, args.type, args.name);
    const { autoName } = handler;
    const resource: DeclaredResource = {
      type: args.type,
      name: args.name,
      region: this.regionOf(args),
      physicalName,
      inputs: autoName ? { ...inputs, [autoName.input]: inputs[autoName.input] ?? physicalName } : inputs,
    };
    // A handler of a type that can only be created lists no inputs and checks them itself.
    if (handler.updatable.length + Object.keys(handler.replacing).length > 0) checkInputs(handler, resource);
    this.run.onResource?.(resource);
    const { id, outputs } = await handler.create(resource);
    return {
      id,
      outputs: autoName ? { [autoName.input]: resource.inputs[autoName.input], ...outputs } : outputs,
    };
  }

  private regionOf({ provider }: pulumi.runtime.MockResourceArgs): string {
    const region = this.regionOfProvider.get(provider?.split("::").pop() ?? "");
    if (region) return region;
    throw new Error(
      "it has no explicit provider, so its region would depend on the environment of the caller.",
    );
  }
}

/** The part of the SDK's request to register a resource that its mocks do not pass on. */
interface RegisterResourceRequest {
  getType(): string;
  getName(): string;
  getProvidersMap(): { get(name: string): string | undefined };
}

/** The SDK's mocks, as far as they are observed. */
interface MockMonitor {
  registerResource(request: RegisterResourceRequest, callback: unknown): Promise<void>;
}

/** Reports the AWS provider of each component before the mocks receive the component. */
function observeComponents(note: (type: string, name: string, provider: string) => void): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as MockMonitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const provider = request.getProvidersMap().get("aws");
    if (provider !== undefined) note(request.getType(), request.getName(), provider);
    return register(request, callback);
  };
}

/** Marks a secret in Pulumi's wire format: `specialSigKey` and `specialSecretSig` of its SDK. */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Returns a copy of a value with unwrapped secrets. Assets, archives and other instances of classes stay unchanged. */
export function unwrapSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapSecrets);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  const record = value as Record<string, unknown>;
  if (record[SIGNATURE_KEY] === SECRET) return unwrapSecrets(record.value);
  return Object.fromEntries(Object.entries(record).map(([key, inner]) => [key, unwrapSecrets(inner)]));
}
