import type { Item } from "./dynalite";
import type { Json } from "./json";

/** Whether two items are equal as DynamoDB sees them: the order of attributes and of a set's members does not count. */
export function sameItem(left: Item, right: Item): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => right[name] !== undefined && sameValue(left[name], right[name]))
  );
}

function sameValue(left: Json, right: Json): boolean {
  const [type] = Object.keys(left);
  const [a, b] = [left[type], right[type]];
  if (b === undefined) return false;
  if (type === "M") return sameItem(a, b);
  if (type === "L")
    return a.length === b.length && a.every((value: Json, index: number) => sameValue(value, b[index]));
  if (type === "SS" || type === "NS" || type === "BS")
    return a.length === b.length && a.every((member: string) => b.includes(member));
  return a === b;
}
