import type { ResourceHandler } from "../aws/resource";
import { isEqual, isPlain } from "./equality";

type Inputs = Readonly<Record<string, unknown>>;

/**
 * Returns inputs with the items of unordered lists in the order of other inputs: equal items at the same positions, the others in
 * between. Both can then be compared by position, and a position means that of `like`.
 * @param handler handler that names the unordered lists.
 * @param like inputs whose order is adopted.
 */
export function inOrderOf(
  { unordered = [] }: Pick<ResourceHandler, "unordered">,
  inputs: Inputs,
  like: Inputs,
): Inputs {
  return unordered.length === 0 ? inputs : (ordered(inputs, like, "", new Set(unordered)) as Inputs);
}

/** @param path path of the values without positions, such as `originGroups.failoverCriteria`; empty for all inputs. */
function ordered(value: unknown, like: unknown, path: string, unordered: ReadonlySet<string>): unknown {
  if (Array.isArray(value) && Array.isArray(like)) {
    const items = unordered.has(path)
      ? moved(value, like, (item, other) => isEqual(ordered(item, other, path, unordered), other))
      : value;
    return items.map((item, index) => ordered(item, like[index], path, unordered));
  }
  if (!isPlain(value) || !isPlain(like)) return value;
  const entries = Object.entries(value).map(([name, inner]) => [
    name,
    ordered(inner, like[name], path === "" ? name : `${path}.${name}`, unordered),
  ]);
  return Object.fromEntries(entries);
}

/** Moves the items that are equal to one of the other list to its position. The others fill the gaps in their order. */
function moved(
  items: readonly unknown[],
  others: readonly unknown[],
  matches: (item: unknown, other: unknown) => boolean,
): unknown[] {
  const rest = [...items];
  const placed = others.map((other) => {
    const index = rest.findIndex((item) => matches(item, other));
    return index < 0 ? undefined : { item: rest.splice(index, 1)[0] };
  });
  const filled = placed.map((place) => place ?? (rest.length > 0 ? { item: rest.shift() } : undefined));
  return [...filled.flatMap((place) => (place ? [place.item] : [])), ...rest];
}
