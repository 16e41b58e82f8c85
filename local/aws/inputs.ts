import { createHash } from "node:crypto";
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

/** Says what is wrong with an input; the program's runner adds the resource that it is an input of. */
export function inputError(input: string, problem: string): Error {
  return new Error(`${input}: ${problem}`);
}

/**
 * Refuses the parts of an input that the local cloud would silently leave out, as `expectInputs` does for whole inputs.
 * @param group the input's name.
 * @param values the input's value; there is nothing to refuse when it is left out.
 * @param accepted the names of the parts that are honoured or harmless.
 * @throws Error that names the first part that is neither.
 */
export function expectParts(
  resource: DeclaredResource,
  group: string,
  values: Readonly<Record<string, unknown>> | undefined,
  accepted: readonly string[],
): void {
  const inGroup = (name: string): string => `${group}.${name}`;
  const inputs = Object.fromEntries(
    Object.entries(values ?? {}).map(([name, value]) => [inGroup(name), value]),
  );
  expectInputs({ ...resource, inputs }, accepted.map(inGroup));
}

/**
 * Demands that an input has one of some values.
 * @throws Error that names the input, its value and what is allowed.
 */
export function expectOneOf(input: string, value: unknown, allowed: readonly unknown[]): void {
  if (allowed.includes(value)) return;
  const list = allowed.map((one) => (one === undefined ? "left out" : JSON.stringify(one))).join(" or ");
  throw inputError(input, `${JSON.stringify(value)} is not emulated here; it must be ${list}.`);
}

/** An id in API Gateway's manner, the same at every start of one stack. */
export function idOf(resource: DeclaredResource, length: number): string {
  const digest = createHash("sha256")
    .update(`${resource.region}/${resource.type}/${resource.physicalName}`)
    .digest("hex");
  return BigInt(`0x${digest}`).toString(36).slice(0, length);
}
