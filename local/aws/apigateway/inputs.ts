import { createHash } from "node:crypto";
import { expectInputs } from "../honoured-inputs";
import type { DeclaredResource } from "../resource";

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
