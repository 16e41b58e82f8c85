import { checkInputs, isAbsent } from "../aws/inputs";
import type { DeclaredResource, ResourceHandler } from "../aws/resource";
import type { ComparableInputs } from "./contents";
import { Tags, withAllTags } from "./default-tags";
import { isEqual } from "./equality";
import { inOrderOf } from "./unordered";

/** Inputs of a resource as its handler receives them. */
export interface CheckedInputs {
  /** Inputs with the generated name, if the program leaves it out. */
  readonly inputs: DeclaredResource["inputs"];
  /** Whether `inputs` contains a generated name. */
  readonly isAutoNamed: boolean;
}

/** Checked inputs of one run of the program. */
export interface InputsVersion extends CheckedInputs {
  /** The inputs with digests of their assets and archives; see `Contents`. */
  readonly comparable: ComparableInputs;
}

/** How a resource changes from one version of its inputs to the next. */
export interface Change {
  readonly kind: "none" | "update" | "replace";
  /** Changed inputs, or their fields where the handler lists fields (`loggingConfig.logGroup`), sorted. */
  readonly changed: readonly string[];
  /** Those of the changed inputs that replace the resource. */
  readonly replacing: readonly string[];
  /** Whether the replacement is created after the old resource is deleted. */
  readonly deleteBeforeReplace: boolean;
}

/**
 * Checks the inputs, adds the default tags and fills in the name that the program leaves out, as Pulumi's bridge does. A generated name is kept for the life
 * of the resource. A name that was given explicitly before and is left out now is replaced by a generated one.
 * See `AutoName` and `FromName` in pulumi-terraform-bridge, pkg/tfbridge/names.go, and step 3 of default values in pkg/tfbridge/schema.go.
 * @param resource resource with the program's inputs and the default tags of its provider; a new name is its `physicalName`.
 * @param previous checked inputs of the existing resource.
 * @throws Error that names an input that the handler does not list, a generated name that is too long, or too many tags.
 */
export function checkedInputs(
  handler: ResourceHandler,
  resource: DeclaredResource & { readonly defaultTags?: Tags },
  previous?: CheckedInputs,
): CheckedInputs {
  checkInputs(handler, resource);
  const inputs = withAllTags(handler, resource.type, resource.inputs, resource.defaultTags ?? {});
  const input = handler.autoName?.input;
  if (input === undefined || !isAbsent(inputs[input])) return { inputs, isAutoNamed: false };
  const name = previous?.isAutoNamed ? previous.inputs[input] : generatedName(handler, resource);
  return { inputs: { ...inputs, [input]: name }, isAutoNamed: true };
}

/** Returns the generated name. The text of its error is that of `NewUniqueName` in Pulumi's SDK for Go. */
function generatedName({ autoName }: ResourceHandler, { type, physicalName }: DeclaredResource): string {
  const maxLength = autoName?.maxLength ?? Infinity;
  if (physicalName.length <= maxLength) return physicalName;
  const prefix = physicalName.slice(0, physicalName.lastIndexOf("-") + 1);
  throw new Error(
    `could not make instance of '${type}': name '${prefix}' plus ${physicalName.length - prefix.length} random chars ` +
      `is longer than maximum length ${maxLength}. Set ${autoName?.input}, or choose a shorter logical name.`,
  );
}

/**
 * Compares two versions of a resource's inputs. Undefined, null and an empty list are equal to an absent input. Lists are compared by
 * position, except for those that the handler lists as unordered.
 */
export function changeOf(handler: ResourceHandler, previous: InputsVersion, next: InputsVersion): Change {
  const [old, current] = [inOrderOf(handler, previous.comparable, next.comparable), next.comparable];
  const names = union(old, current).filter((name) => !isEqual(old[name], current[name]));
  if (names.length === 0) return { kind: "none", changed: [], replacing: [], deleteBeforeReplace: false };
  const paths = names.flatMap((name) => changedPaths(handler, name, old[name], current[name]));
  const rules = handler.replacingChanges?.(previous.inputs, next.inputs) ?? [];
  const replacing = sorted([...paths.filter((path) => replaces(handler, path)), ...rules]);
  const isReplaced = replacing.length > 0;
  return {
    kind: isReplaced ? "replace" : "update",
    changed: sorted([...paths, ...replacing]),
    replacing,
    deleteBeforeReplace: isReplaced && deletesFirst(handler, next),
  };
}

/**
 * Returns whether the old resource is deleted first: the handler demands it, or both would have the same explicit name. As in the
 * bridge, a name that the program changes counts as well; no type of the AWS provider has the `UniqueNameFields` that exempt it.
 * See `nameRequiresDeleteBeforeReplace` in pulumi-terraform-bridge, pkg/tfbridge/schema.go.
 */
function deletesFirst({ deleteBeforeReplace, autoName }: ResourceHandler, next: CheckedInputs): boolean {
  return deleteBeforeReplace === true || (autoName !== undefined && !next.isAutoNamed);
}

/** Returns the paths of a changed input, down to its fields where the handler lists any. */
function changedPaths(handler: ResourceHandler, name: string, previous: unknown, next: unknown): string[] {
  const listed = [...handler.updatable, ...Object.keys(handler.replacing)];
  if (!listed.some((path) => path.startsWith(`${name}.`))) return [name];
  const [old, current] = [objectsOf(previous), objectsOf(next)];
  const length = Math.max(old.length, current.length);
  const fields = Array.from({ length }).flatMap((_, index) => {
    const [one = {}, other = {}] = [old[index], current[index]];
    return union(one, other).filter((field) => !isEqual(one[field], other[field]));
  });
  const paths = fields.map((field) => (listed.includes(`${name}.${field}`) ? `${name}.${field}` : name));
  // An object without fields came or went.
  return paths.length > 0 ? paths : [name];
}

function objectsOf(value: unknown): Record<string, unknown>[] {
  const values = isAbsent(value) ? [] : [value].flat();
  return values.map((one) =>
    typeof one === "object" && one !== null ? (one as Record<string, unknown>) : {},
  );
}

function replaces({ replacing }: ResourceHandler, path: string): boolean {
  return Object.hasOwn(replacing, path);
}

function union(one: object, other: object): string[] {
  return sorted([...Object.keys(one), ...Object.keys(other)]);
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
