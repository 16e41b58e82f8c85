import type { EngineCloud, StackUnderTest } from "../support/engine-cloud";
import { ResourceOperations } from "../../../local/pulumi/provider/resource-operations";
import type { WireProperties } from "../../../local/pulumi/provider/wire";
import { typeAndNameOf } from "../../../local/pulumi/urn";
import { withContents } from "./contents";
import { Identifiers } from "./identifiers";
import type { RecordedRelease, RecordedStack, StateResource } from "./recorded-state";

/**
 * Creates every resource of a recorded stack in a cloud, and imports the state into the engine. Generated names stay; ids, ARNs and
 * addresses that the cloud assigns differ from the recorded ones, and are changed wherever the state has them.
 * @param directory an empty folder for the files of assets and archives.
 */
export async function restore(
  { cloud, stack, directory }: { cloud: EngineCloud; stack: StackUnderTest; directory: string },
  { contents }: RecordedRelease,
  { resources }: RecordedStack,
): Promise<void> {
  const { resourceHandlers } = cloud.host.services;
  const operations = new ResourceOperations({ resourceHandlers, directory });
  const regions = regionsOf(resources);
  const identifiers = new Identifiers();
  const created = new Map<StateResource, StateResource>();
  for (const recorded of resources.filter(isOfCloud)) {
    const resource = withContents(identifiers.translate(recorded), contents, directory);
    const region = regions.get((recorded as { provider?: string }).provider ?? "") ?? "";
    const requested = { type: recorded.type, name: typeAndNameOf(recorded.urn).name, region };
    const { id, outputs } = await operations.create(requested, resource.inputs as WireProperties, false);
    identifiers.learn(recorded.id, id);
    identifiers.learn(recorded.outputs, outputs);
    created.set(recorded, { ...resource, id, outputs });
  }
  // Components and the stack have outputs of resources that are created after them.
  await stack.importResources(resources.map((one) => created.get(one) ?? identifiers.translate(one)));
}

function isOfCloud({ custom, type }: StateResource): boolean {
  return custom === true && !type.startsWith("pulumi:");
}

/** Returns the region of each provider, by the reference to it. */
function regionsOf(resources: readonly StateResource[]): ReadonlyMap<string, string> {
  const providers = resources.filter(({ type }) => type.startsWith("pulumi:providers:"));
  return new Map(providers.map(({ urn, id, inputs }) => [`${urn}::${id}`, String(inputs?.region)]));
}
