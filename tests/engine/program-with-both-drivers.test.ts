import assert from "node:assert/strict";
import { join } from "node:path";
import { PROJECT } from "../../command-line/stack-name";
import type { DeclaredResource, ResourceHandler } from "../../local/aws/resource";
import { Cleanup, temporaryDirectory } from "../../local/cleanup";
import { Deployment } from "../../local/pulumi/deployment";
import { EngineStack } from "../../local/pulumi/engine/engine-stack";
import { inlineProgram } from "../../local/pulumi/inline-program";
import { ProviderServer } from "../../local/pulumi/provider/provider-server";
import { stackConfig } from "../../local/pulumi/stack-config";
import { PROJECT_DIRECTORY } from "../../local/services";
import { makeDirectory } from "../../shared/make-directory";
import { mockState } from "../support/mock-outputs";
import { describeWithEngine, useEngineCloud } from "./support/engine-cloud";
import { ProgramCopy } from "./support/program-copy";

const DOMAIN = { "tickets:domainName": "tickets.test" };

/** Configurations of one stack, one after the other. */
const CONFIGURATIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "the first deployment": {},
  "a domain, an audit trail and alarms by e-mail": {
    ...DOMAIN,
    "tickets:auditTrail": "true",
    "tickets:alarmEmail": "team@example.com",
  },
  "another primary, interval and retention, without trail, alarms and protection": {
    ...DOMAIN,
    "tickets:primary": "singapore",
    "tickets:healthCheckInterval": "30",
    "tickets:logRetentionDays": "7",
    "tickets:protectData": "false",
  },
};

/** A call of a resource handler, with generated suffixes replaced. Sorted, as both drivers run calls side by side. */
type Calls = readonly string[];

// No resource needs its service here, so that the comparison takes a fraction of two deployments.
describeWithEngine("the program with the SDK's mocks and with the engine", () => {
  const cloud = useEngineCloud();
  let withMocks: readonly Calls[];
  let withEngine: readonly Calls[];

  before(async () => {
    withMocks = await runWithMocks();
    withEngine = await runWithEngine();
  });

  for (const [index, title] of Object.keys(CONFIGURATIONS).entries())
    it(`makes the same calls with the same inputs: ${title}`, () => {
      assert.deepEqual(withEngine[index], withMocks[index]);
      assert.ok(withEngine[index].length > 0);
    });

  async function runWithMocks(): Promise<Calls[]> {
    const recorder = new Recorder(cloud().host.services.resourceHandlers);
    const { remoteComponents } = cloud().host.services;
    const deployment = new Deployment({
      ...{ project: PROJECT, stack: "ireland", directory: PROJECT_DIRECTORY, remoteComponents },
      resourceHandlers: recorder.handlers,
    });
    return recorder.each((config) => deployment.update({ config }));
  }

  async function runWithEngine(): Promise<Calls[]> {
    const cleanup = new Cleanup();
    try {
      const recorder = new Recorder(cloud().host.services.resourceHandlers);
      const { remoteComponents } = cloud().host.services;
      const provider = await ProviderServer.start({
        ...{ resourceHandlers: recorder.handlers, remoteComponents, directory: PROJECT_DIRECTORY },
      });
      cleanup.add(() => provider.close());
      const directory = await temporaryDirectory(cleanup);
      const workDirectory = join(directory, "program");
      makeDirectory(workDirectory);
      const program = ProgramCopy.create(workDirectory);
      const stack = await EngineStack.open({
        ...{ stack: "ireland", workDirectory, debugProviders: provider.debugProviders },
        ...{ backend: join(directory, "backend"), home: join(directory, "home") },
        program: inlineProgram(program.directory),
      });
      return await recorder.each((config) => stack.up({ config }));
    } finally {
      await cleanup.close();
    }
  }
});

/** The handlers of the services with their rules, but with resources that exist only in the state of the driver. */
class Recorder {
  readonly handlers: Readonly<Record<string, ResourceHandler>>;
  private readonly calls: string[] = [];

  constructor(handlers: Readonly<Record<string, ResourceHandler>>) {
    const entries = Object.entries(handlers).map(([type, handler]) => [type, this.recording(handler)]);
    this.handlers = Object.fromEntries(entries) as Record<string, ResourceHandler>;
  }

  /** Deploys each configuration and returns the calls of each deployment. */
  async each(deploy: (config: Record<string, string>) => Promise<unknown>): Promise<Calls[]> {
    const calls: Calls[] = [];
    for (const config of Object.values(CONFIGURATIONS)) {
      await deploy(stackConfig(PROJECT_DIRECTORY, "ireland", config));
      calls.push(this.calls.splice(0).sort());
    }
    return calls;
  }

  private recording(handler: ResourceHandler): ResourceHandler {
    return {
      ...handler,
      create: async (resource) => {
        this.record("create", resource, resource.inputs);
        const { id, state } = mockState(resource);
        return { id, outputs: state };
      },
      update: async (resource, inputs) => {
        this.record("update", resource, inputs);
        return mockState({ ...resource, inputs }).state;
      },
      delete: async (resource) => this.record("delete", resource),
    };
  }

  private record(
    operation: string,
    { type, name, region }: Pick<DeclaredResource, "type" | "name" | "region">,
    inputs?: DeclaredResource["inputs"],
  ): void {
    const text = [operation, type, name, region, ...(inputs ? [canonical(inputs)] : [])].join(" ");
    this.calls.push(text.replace(/-[0-9a-f]{7}\b/g, "-#"));
  }
}

/** JSON with sorted keys, without absent values and without the content of assets. */
function canonical(inputs: DeclaredResource["inputs"]): string {
  return JSON.stringify(inputs, (_, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    if ("__pulumiAsset" in value || "__pulumiArchive" in value) return "content";
    const present = Object.entries(value).filter(([, inner]) => inner !== undefined && inner !== null);
    return Object.fromEntries(present.sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}
