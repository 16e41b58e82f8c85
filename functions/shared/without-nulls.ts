/**
 * Returns an event without the keys whose value is null, at any depth. Emulators of AWS send null where AWS omits the key.
 * Null entries of lists stay.
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
