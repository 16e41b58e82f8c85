import type { EngineState } from "../../../local/pulumi/engine/engine-stack";

/** Resource in the state of the engine. */
export type StateResource = NonNullable<EngineState["resources"]>[number];

/** Inputs by URN, with names and ids that are random in each cloud replaced by where they come from. */
export type ComparableState = Readonly<Record<string, unknown>>;

/** Shorter texts, such as a count, are no ids. */
const MINIMUM_LENGTH = 6;
/** Names of generated inputs, in the wire format of Pulumi's providers. */
const DEFAULTS = "__defaults";

/**
 * Returns the inputs of a state in a form that is equal for the states of two clouds with equal resources. A text that contains a
 * computed output of a resource, such as an ARN, or a generated name contains the name of that output instead.
 */
export function comparableState({ resources = [] }: EngineState): ComparableState {
  const replacements = new Map(
    resources
      .flatMap((resource) => identifiersOf(resource))
      // Of two resources with the same text, such as a function and its permission, the first one in a fixed order counts.
      .sort(([, one], [, other]) => (one < other ? 1 : -1)),
  );
  const texts = [...replacements.keys()].sort((one, other) => other.length - one.length);
  const pattern = new RegExp(texts.map(escaped).join("|"), "g");
  const comparable = (value: unknown): unknown => {
    if (typeof value === "string")
      return texts.length > 0 ? value.replace(pattern, (text) => `<${replacements.get(text)}>`) : value;
    if (Array.isArray(value)) return value.map(comparable);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, comparable(inner)]));
  };
  const entries = resources.map(({ urn, inputs = {} }) => [urn, comparable(inputs)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Returns the texts of a resource that are different in each cloud, with the names that stand for them. */
function identifiersOf({
  urn,
  id,
  inputs = {},
  outputs = {},
}: StateResource): [text: string, name: string][] {
  const generated = (inputs[DEFAULTS] as string[] | undefined) ?? [];
  const declared = Object.fromEntries(Object.entries(inputs).filter(([name]) => !generated.includes(name)));
  return computedTexts(`${urn}`, { id, ...outputs }, declared).filter(
    ([text]) => text.length >= MINIMUM_LENGTH && !/^\s*[{[]/.test(text),
  );
}

/** Returns the texts in outputs that no input declares, with their paths. */
function computedTexts(path: string, output: unknown, input: unknown): [text: string, path: string][] {
  if (typeof output === "string") return input === undefined ? [[output, path]] : [];
  if (typeof output !== "object" || output === null) return [];
  const declared = (typeof input === "object" && input !== null ? input : {}) as Record<string, unknown>;
  return Object.entries(output).flatMap(([key, inner]) =>
    computedTexts(`${path}.${key}`, inner, declared[key]),
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
