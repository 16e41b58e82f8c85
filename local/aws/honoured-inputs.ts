import type { DeclaredResource } from "./resource";

/**
 * Refuses a resource that asks for something the local cloud would silently leave out.
 * @param accepted every input that is either honoured or harmless here (tags, descriptions, …).
 * @param remedies what to use instead, by refused input.
 * @throws Error naming the first input that is neither.
 */
export function expectInputs(
  resource: DeclaredResource,
  accepted: readonly string[],
  remedies: Readonly<Record<string, string>> = {},
): void {
  const refused = Object.entries(resource.inputs).find(
    ([name, value]) => !accepted.includes(name) && !isEmpty(value),
  );
  if (!refused) return;
  const remedy = remedies[refused[0]] ?? "Leave it out, or deploy to AWS.";
  throw new Error(`The local cloud does not honour ${refused[0]} of ${resource.type}. ${remedy}`);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
