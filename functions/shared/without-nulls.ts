/**
 * An event without its null values, at any depth of objects and lists. Emulators of AWS send null where AWS leaves a key out.
 * Entries of lists stay.
 */
export function withoutNulls<T>(value: T): T {
  return withoutNullsOf(value) as T;
}

function withoutNullsOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNullsOf);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.map(([name, inner]) => [name, withoutNullsOf(inner)]));
}
