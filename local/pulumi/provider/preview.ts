import { isDeepStrictEqual } from "node:util";
import type { DeclaredResource, ExistingResource } from "../../aws/resource";
import { isPlain } from "../equality";
import { UNKNOWN } from "./wire";

type Inputs = DeclaredResource["inputs"];

/**
 * Predicts the outputs of a new resource: its inputs. An object may get computed fields, such as the target of a domain name, so it is
 * unknown. Pulumi's SDK takes the outputs that are left out as unknown.
 */
export function afterCreation(inputs: Inputs): Inputs {
  return mapValues(inputs, (_, value) => predicted(value));
}

/**
 * Predicts the outputs of a resource after an update: changed inputs count as in a creation, other outputs stay.
 * @param recomputed outputs that are unknown.
 */
export function afterUpdate(
  { inputs: previous, outputs }: ExistingResource,
  inputs: Inputs,
  recomputed: readonly string[] = [],
): Inputs {
  const changed = mapValues(inputs, (name, value) =>
    name in outputs && isDeepStrictEqual(value, previous[name]) ? outputs[name] : predicted(value),
  );
  const kept = Object.entries(outputs).filter(([name]) => !(name in previous));
  const unknown = recomputed.map((name) => [name, UNKNOWN]);
  return { ...Object.fromEntries(kept), ...changed, ...Object.fromEntries(unknown) };
}

function predicted(value: unknown): unknown {
  return containsObject(value) ? UNKNOWN : value;
}

function containsObject(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsObject);
  return isPlain(value);
}

function mapValues(inputs: Inputs, convert: (name: string, value: unknown) => unknown): Inputs {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, convert(name, value)]));
}
