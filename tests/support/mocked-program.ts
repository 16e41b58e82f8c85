import * as pulumi from "@pulumi/pulumi";
import { join } from "node:path";
import { loadProgram } from "../../local/pulumi/program-loading";
import { unwrapSecrets } from "../../local/pulumi/secrets";
import { stackConfig } from "../../local/pulumi/stack-config";
import { MockedResource, mockState } from "./mock-outputs";

/** Resource that the program declared. */
export interface ProgramResource extends MockedResource {
  readonly urn: string;
  /** Id of the provider. */
  readonly id: string;
  /** False for components. */
  readonly custom: boolean;
  /** URN of the parent; empty for a top-level resource. */
  readonly parent: string;
  /** Inputs and computed outputs. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Name of the explicit provider; empty for the default provider. */
  readonly provider: string;
  /** Name of the AWS provider that a remote component passes to its children. */
  readonly childProvider: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** URNs that the parents of the resource's earlier versions had, from its resource option `aliases`. */
  readonly aliases: readonly string[];
  /** URNs of the resources that must be created first. */
  readonly dependencies: readonly string[];
}

/** Result of a run of the program. */
export interface Program {
  readonly resources: readonly ProgramResource[];
  /** Tokens of the called provider functions. */
  readonly calls: readonly string[];
  // The tests verify the shape.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly outputs: Readonly<Record<string, any>>;
}

/** Stack to run, with configuration values that override its files; undefined removes a key. */
export interface ProgramOptions {
  readonly stack: string;
  readonly config?: Readonly<Record<string, string | undefined>>;
}

const ROOT = join(__dirname, "..", "..");
const PROVIDER = "pulumi:providers:aws";
/** Timeout of a program whose resources wait for each other in a cycle and never drain. */
const DRAIN_MS = 180_000;

const drained = new Map<string, Promise<Program>>();
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs `index.ts` of a stack with Pulumi's mocks until every resource is declared. Equal options run once.
 * @throws the error of the program; Error if resources wait for each other in a cycle.
 */
export function drainProgram(options: ProgramOptions): Promise<Program> {
  const key = JSON.stringify(options);
  let program = drained.get(key);
  if (!program) {
    // There is one Pulumi runtime per process, so runs are sequential.
    program = last.then(() => run(options));
    last = program.catch(() => undefined);
    drained.set(key, program);
  }
  return program;
}

/** Returns the resources of a type, such as `aws:dynamodb/table:Table`. */
export function ofType(program: Program, type: string): ProgramResource[] {
  return program.resources.filter((resource) => resource.type === type);
}

/** Returns the resource of a type and name. @throws Error if there is none. */
export function resourceNamed(program: Program, type: string, name: string): ProgramResource {
  const found = ofType(program, type).find((resource) => resource.name === name);
  if (!found) throw new Error(`The program has no ${type} named ${name}.`);
  return found;
}

async function run({ stack, config = {} }: ProgramOptions): Promise<Program> {
  const recorder = new Recorder();
  pulumi.runtime.setAllConfig(stackConfig(ROOT, stack, config));
  await pulumi.runtime.setMocks(recorder, "tickets", stack);
  recorder.listenTo(pulumi.runtime.getMonitor() as unknown as Monitor);
  const outputs = await loadProgram(drain);
  return { resources: recorder.resources(), calls: recorder.calls, outputs };
}

/** Waits for the last resource. An error in an `apply` or in the serialization of a function is an unhandled rejection. */
async function drain(): Promise<void> {
  let stop: () => void = () => undefined;
  const failure = new Promise<never>((_, reject) => {
    const message = `The program did not drain in ${DRAIN_MS} ms: its resources wait for each other in a cycle.`;
    const timer = setTimeout(() => reject(new Error(message)), DRAIN_MS);
    process.on("unhandledRejection", reject);
    stop = () => {
      clearTimeout(timer);
      process.off("unhandledRejection", reject);
    };
  });
  await Promise.race([pulumi.runtime.disconnect(), failure]).finally(stop);
}

/** Request of the mock monitor. Pulumi's mocks do not pass on all of its parts. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getCustom(): boolean;
  getDependenciesList(): string[];
  getAliasesList(): { getUrn(): string; getSpec(): { getParenturn(): string } | undefined }[];
  getProvidersMap(): { get(packageName: string): string | undefined };
}

interface Monitor {
  registerResource(
    request: RegisterRequest,
    callback: (error: unknown, response?: { getUrn(): string; getId(): string }) => void,
  ): Promise<void>;
}

class Recorder implements pulumi.runtime.Mocks {
  readonly calls: string[] = [];
  private readonly regionOfProvider = new Map<string, string>();
  private readonly inputs = new Map<string, MockedResource["inputs"]>();
  private readonly outputs = new Map<string, Record<string, unknown>>();
  private readonly recorded: ProgramResource[] = [];

  listenTo(monitor: Monitor): void {
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, callback) =>
      register(request, (error, response) => {
        if (response) this.record(request, response);
        callback(error, response);
      });
  }

  newResource({ type, name, inputs, provider }: pulumi.runtime.MockResourceArgs): {
    id: string;
    state: Record<string, unknown>;
  } {
    const plain = unwrapSecrets(inputs) as Record<string, unknown>;
    this.inputs.set(`${type} ${name}`, plain);
    if (type === PROVIDER) this.regionOfProvider.set(name, String(plain.region));
    const region = this.regionOfProvider.get(nameOfProvider(provider)) ?? "";
    if (type === PROVIDER) return { id: name, state: plain };
    const made = mockState({ type, name, region, inputs: plain });
    this.outputs.set(`${type} ${name}`, made.state);
    return made;
  }

  call({ token }: pulumi.runtime.MockCallArgs): Record<string, unknown> {
    this.calls.push(token);
    return {};
  }

  /** Returns the resources in a stable order. */
  resources(): ProgramResource[] {
    return [...this.recorded].sort((one, other) => (one.urn < other.urn ? -1 : 1));
  }

  private record(request: RegisterRequest, response: { getUrn(): string; getId(): string }): void {
    const [type, name] = [request.getType(), request.getName()];
    const provider = nameOfProvider(request.getProvider());
    this.recorded.push({
      urn: response.getUrn(),
      id: response.getId(),
      type,
      name,
      custom: request.getCustom(),
      parent: request.getParent(),
      provider,
      childProvider: nameOfProvider(request.getProvidersMap().get("aws")),
      region: this.regionOfProvider.get(provider) ?? "",
      protect: request.getProtect(),
      retainOnDelete: request.getRetainondelete(),
      aliases: request.getAliasesList().map((alias) => alias.getSpec()?.getParenturn() ?? alias.getUrn()),
      dependencies: request.getDependenciesList(),
      inputs: this.inputs.get(`${type} ${name}`) ?? {},
      outputs: this.outputs.get(`${type} ${name}`) ?? {},
    });
  }
}

/** Returns the provider name of a reference `urn::id`. The mocks use the name of a provider as its id. */
function nameOfProvider(reference: string | undefined): string {
  return reference?.split("::").pop() ?? "";
}
