import type { Item } from "./dynalite";
import type { Json } from "./json";

/**
 * A copy of an item whose maps have no prototype: an attribute may be named `constructor` or `__proto__`, and a look-up of
 * one that the item does not have must find nothing.
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
