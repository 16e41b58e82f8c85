import type { DeclaredResource, ResourceHandler } from "./resource";
import { digestOf } from "./seeded-ids";

/** An input that a resource handler does not list. */
export class UnlistedInputError extends Error {
  /** @param input name of the input, or path of its field. */
  constructor(
    readonly input: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Rejects a resource with an input that the local cloud would silently ignore.
 * @param accepted names of the inputs that are supported, or without effect here (tags, descriptions, …).
 * @param remedies what to use instead, by rejected input.
 * @throws Error that names the first input that is not accepted.
 */
function expectInputs(
  resource: DeclaredResource,
  accepted: readonly string[],
  remedies: Readonly<Record<string, string>> = {},
): void {
  const rejected = Object.entries(resource.inputs).find(
    ([name, value]) => !accepted.includes(name) && !isAbsent(value),
  );
  if (!rejected) return;
  const remedy = remedies[rejected[0]] ?? "Leave it out, or deploy to AWS.";
  const problem = `The local cloud does not support ${rejected[0]} of ${resource.type}. ${remedy}`;
  throw new UnlistedInputError(rejected[0], problem);
}

/**
 * Rejects an input, or a field of one, that the resource's handler does not list. Whatever drives a handler calls this before
 * `create` and `update`.
 * @throws Error that names the type and the first input that is not listed, with the handler's remedy for it.
 */
export function checkInputs(
  handler: Pick<ResourceHandler, "updatable" | "replacing" | "remedies">,
  resource: DeclaredResource,
): void {
  const listed = [...handler.updatable, ...Object.keys(handler.replacing)];
  const names = listed.map((path) => path.split(".")[0]);
  expectInputs(resource, names, handler.remedies);
  for (const name of new Set(names.filter((candidate) => !listed.includes(candidate)))) {
    const fields = listed.filter((path) => path.startsWith(`${name}.`)).map((path) => path.split(".")[1]);
    for (const value of [resource.inputs[name] ?? []].flat()) expectParts(resource, name, value, fields);
  }
}

/** Returns whether an input counts as left out: undefined, null or an empty list. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/** Error about one input of a resource; whatever runs the program adds the name of the resource. */
export function inputError(input: string, problem: string): Error {
  return new Error(`${input}: ${problem}`);
}

/**
 * Rejects the fields of an input that the local cloud would silently ignore, as `expectInputs` does for whole inputs.
 * @param group name of the input.
 * @param values value of the input; undefined is accepted.
 * @param accepted names of the fields that are supported, or without effect here.
 * @throws Error that names the first field that is not accepted.
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
 * Checks that an input has one of the allowed values.
 * @throws Error that names the input, its value and the allowed values.
 */
export function expectOneOf(input: string, value: unknown, allowed: readonly unknown[]): void {
  if (allowed.includes(value ?? undefined)) return;
  const list = allowed.map((one) => (one === undefined ? "left out" : JSON.stringify(one))).join(" or ");
  throw inputError(input, `${JSON.stringify(value)} is not emulated here; it must be ${list}.`);
}

/** Id of lower-case letters and digits, as API Gateway and CloudFront generate; the same at every start of a stack. */
export function idOf(resource: DeclaredResource, length: number): string {
  const digest = digestOf(`${resource.region}/${resource.type}/${resource.physicalName}`);
  return BigInt(`0x${digest}`).toString(36).slice(0, length);
}
