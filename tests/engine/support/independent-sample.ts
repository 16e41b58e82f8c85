import fc from "fast-check";
import type { EngineState } from "../../../local/pulumi/engine/engine-stack";
import type { StateResource } from "./comparable-state";

/** Returns the resources that the provider creates, without the providers themselves and components. */
export function createdByProvider({ resources = [] }: EngineState): StateResource[] {
  return resources.filter(({ custom, type }) => custom === true && !type.startsWith("pulumi:"));
}

/**
 * Divides resources at random into groups in which no resource depends on another one, directly or indirectly. All resources of one
 * group can fail in one run that continues after failures. The first group is the largest of its kind that the order allows.
 * @param state state with these resources, and with everything that they depend on.
 */
export function independentGroups(
  state: EngineState,
  candidates: readonly StateResource[],
  seed: number,
): StateResource[][] {
  const ancestors = ancestorsOf(state);
  const isRelated = (one: StateResource, other: StateResource): boolean =>
    ancestors.get(one.urn)!.has(other.urn) || ancestors.get(other.urn)!.has(one.urn);
  const groups: StateResource[][] = [];
  for (const candidate of shuffled(candidates, seed)) {
    const group = groups.find((members) => !members.some((member) => isRelated(member, candidate)));
    if (group) group.push(candidate);
    else groups.push([candidate]);
  }
  return groups;
}

function shuffled<T>(values: readonly T[], seed: number): T[] {
  const all = [...values];
  const order = fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
  return fc.sample(order, { seed, numRuns: 1 })[0];
}

/** Returns the URNs of what each resource depends on. A state lists resources after their dependencies and parents. */
function ancestorsOf({ resources = [] }: EngineState): Map<string, Set<string>> {
  const ancestors = new Map<string, Set<string>>();
  for (const { urn, parent, dependencies = [] } of resources) {
    const direct = [...dependencies, ...(parent === undefined ? [] : [parent])];
    ancestors.set(urn, new Set(direct.flatMap((other) => [other, ...(ancestors.get(other) ?? [])])));
  }
  return ancestors;
}
