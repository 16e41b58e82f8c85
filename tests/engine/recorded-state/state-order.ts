import type { StateResource } from "./recorded-state";

/** Parts of a resource's state with references to other resources. */
interface References {
  readonly parent?: string;
  /** `<urn>::<id>`. */
  readonly provider?: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
  readonly deletedWith?: string;
}

/**
 * Returns the resources in an order that depends on nothing but their names: each one after those that it depends on, otherwise by
 * URN. The engine keeps them in the order in which they were created, which differs from run to run.
 */
export function inStableOrder(resources: readonly StateResource[]): StateResource[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const ordered = new Set<StateResource>();
  const add = (resource: StateResource): void => {
    if (ordered.has(resource)) return;
    for (const urn of referencesOf(resource)) {
      const other = byUrn.get(urn);
      if (other) add(other);
    }
    ordered.add(resource);
  };
  for (const urn of [...byUrn.keys()].sort()) add(byUrn.get(urn)!);
  return [...ordered];
}

function referencesOf(resource: StateResource): string[] {
  const {
    parent,
    provider,
    dependencies = [],
    propertyDependencies = {},
    deletedWith,
  } = resource as References;
  const providerUrn = provider?.slice(0, provider.lastIndexOf("::"));
  const all = [
    parent,
    providerUrn,
    deletedWith,
    ...dependencies,
    ...Object.values(propertyDependencies).flat(),
  ];
  return all.filter((urn): urn is string => urn !== undefined && urn !== "").sort();
}
