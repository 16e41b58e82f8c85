import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** Item in DynamoDB's typed form, as the SDK reads and writes it. */
export type Image = Record<string, AttributeValue>;

/**
 * Returns the strings of a map attribute, with undefined for values of any other type. Returns an empty record if there is no
 * map. The SDK reads an attribute named `__proto__` as undefined.
 */
export function textsOf(
  map: Readonly<Record<string, AttributeValue | undefined>> = {},
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, value?.S]));
}
