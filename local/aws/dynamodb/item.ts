// JSON document of the DynamoDB protocol. There are about forty shapes; dynalite checks those it knows at run time.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = Record<string, any>;

/** Item, or the key attributes of an item, in DynamoDB JSON. */
export type Item = Record<string, Json>;

/** Returns whether two items are equal in DynamoDB: the order of attributes and of set members is irrelevant. */
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

/**
 * Returns a copy of an item whose maps have no prototype. An attribute may be named `constructor` or `__proto__`, and a
 * lookup of a missing attribute with such a name must return undefined.
 */
export function bareItem(item: Item): Item {
  const bare = Object.create(null) as Item;
  for (const name of Object.keys(item)) bare[name] = bareValue(item[name]);
  return bare;
}

function bareValue(value: Json): Json {
  if (value.M) return { M: bareItem(value.M as Item) };
  if (value.L) return { L: (value.L as Json[]).map(bareValue) };
  return value;
}
