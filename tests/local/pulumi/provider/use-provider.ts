import type { ExistingResource, ResourceHandler } from "../../../../local/aws/resource";
import { ProviderServer } from "../../../../local/pulumi/provider/provider-server";
import type { ResourceOperation } from "../../../../local/pulumi/provider/resource-operations";
import { ProviderClient, THING } from "./provider-client";

/** Provider with one resource type, and a client that is configured with the region `eu-west-1`. */
export interface RunningProvider {
  /** Value of `PULUMI_DEBUG_PROVIDERS`. */
  readonly debugProviders: string;
  readonly client: ProviderClient;
  /** Existing resources by id. */
  readonly existing: Map<string, ExistingResource>;
  /** Operations so far. */
  readonly operations: ResourceOperation[];
  /** Called before each operation. */
  before: (operation: ResourceOperation) => void;
  /** Regions whose endpoints do not respond. */
  readonly unreachable: Set<string>;
}

/** Starts a provider for each test of the current `describe`. */
export function useProvider(): RunningProvider {
  const existing = new Map<string, ExistingResource>();
  const operations: ResourceOperation[] = [];
  let server: ProviderServer;
  let client: ProviderClient;
  const running: RunningProvider = {
    get debugProviders() {
      return server.debugProviders;
    },
    get client() {
      return client;
    },
    existing,
    operations,
    before: () => undefined,
    unreachable: new Set(),
  };

  beforeEach(async () => {
    existing.clear();
    operations.length = 0;
    running.unreachable.clear();
    running.before = (operation) => void operations.push(operation);
    server = await ProviderServer.start({
      resourceHandlers: { [THING]: handlerOf(existing) },
      remoteComponents: {},
      directory: __dirname,
      before: (operation) => running.before(operation),
      checkReachable: (region) => {
        if (running.unreachable.has(region)) throw new Error(`${region} is down`);
      },
    });
    client = new ProviderClient(server.debugProviders);
    await client.configure({ region: "eu-west-1" });
  });
  afterEach(async () => {
    client.close();
    await server.close();
  });
  return running;
}

/** Returns a handler that keeps its resources in a map. */
function handlerOf(existing: Map<string, ExistingResource>): ResourceHandler {
  return {
    updatable: ["size", "labels", "settings", "content", "tags"],
    unordered: ["tags"],
    replacing: { name: "names.go:1", zone: "zones.go:1" },
    autoName: { input: "name", maxLength: 20 },
    recomputed: (_, changed) => (changed.includes("labels") ? ["arn"] : []),
    replacingChanges: (previous, next) => (previous.size > next.size ? ["size"] : []),
    create: async ({ physicalName, ...resource }) => {
      const id = `id of ${physicalName}`;
      const outputs = { arn: `arn of ${resource.inputs.name}`, missing: undefined };
      existing.set(id, { ...resource, id, outputs });
      return { id, outputs };
    },
    read: async ({ id }) => existing.get(id),
    update: async (resource, inputs) => {
      const outputs = { ...resource.outputs, updated: true };
      existing.set(resource.id, { ...resource, inputs, outputs });
      return outputs;
    },
    delete: async ({ id }) => void existing.delete(id),
  };
}
