import { isDeepStrictEqual } from "node:util";
import { isAbsent } from "../aws/inputs";

/** Compares values deeply. Undefined, null and an empty list are equal to an absent value. */
export function isEqual(one: unknown, other: unknown): boolean {
  if (isAbsent(one) || isAbsent(other)) return isAbsent(one) && isAbsent(other);
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((value, index) => isEqual(value, other[index]));
  if (!isPlain(one) || !isPlain(other)) return isDeepStrictEqual(one, other);
  return [...Object.keys(one), ...Object.keys(other)].every((key) => isEqual(one[key], other[key]));
}

/** Returns whether a value is an object without a class of its own. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
