import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { DeclaredResource } from "../aws/resource";
import type { Tags } from "./default-tags";

/** Resource that the program registers, with the resource options that decide about its life. */
export interface Registration extends Omit<DeclaredResource, "physicalName"> {
  readonly urn: string;
  /** Default tags of the resource's provider; none by default. */
  readonly defaultTags?: Tags;
  /** URNs that the resource may have had before the program renamed or moved it. */
  readonly aliases: readonly string[];
  /** URNs of the resources on which each input depends. */
  readonly inputDependencies: Readonly<Record<string, readonly string[]>>;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** Overrides the resource handler's own order of a replacement; undefined leaves it to the handler. */
  readonly deleteBeforeReplace: boolean | undefined;
}

/** Returns the URN of a resource below a parent, which is empty for a top-level resource. */
export type UrnOf = (parent: string, type: string, name: string) => string;

/**
 * Returns the registration of a request to Pulumi's monitor. Its mocks pass on only some parts of a request.
 * @param aliases see `aliasesOf`.
 * @throws Error that names a resource option that is not supported.
 */
export function registrationOf(
  request: RegisterResourceRequest,
  resource: Pick<Registration, "urn" | "aliases" | "region" | "defaultTags" | "inputs">,
): Registration {
  rejectOptions(request);
  const dependencies = [...request.getPropertydependenciesMap().entries()];
  return {
    ...resource,
    type: request.getType(),
    name: request.getName(),
    inputDependencies: Object.fromEntries(
      dependencies.map(([input, urns]) => [input, urns.getUrnsList()] as const),
    ),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deleteBeforeReplace: request.getDeletebeforereplacedefined()
      ? request.getDeletebeforereplace()
      : undefined,
  };
}

/** Returns the registration of a child of a remote component, which has no resource options. */
export function childRegistration(
  resource: Pick<Registration, "urn" | "type" | "name" | "region" | "defaultTags" | "inputs">,
): Registration {
  const options = { protect: false, retainOnDelete: false, deleteBeforeReplace: undefined };
  return { ...resource, aliases: [], inputDependencies: {}, ...options };
}

/**
 * Returns the other URNs of a resource: those of its own resource option `aliases`, below its parent and below each alias of the parent.
 * A child whose name starts with its parent's name is renamed with the parent.
 * @param parentAliases URNs that the parent may have had.
 */
export function aliasesOf(
  request: RegisterResourceRequest,
  parentAliases: readonly string[],
  urnOf: UrnOf,
): string[] {
  const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
  const own = request.getAliasesList();
  const below = [parent, ...parentAliases].flatMap((other) => {
    const moved = name.startsWith(nameOf(parent)) ? nameOf(other) + name.slice(nameOf(parent).length) : name;
    const identity = { type, name: parent === "" ? name : moved, parent: other };
    return [
      urnOf(identity.parent, identity.type, identity.name),
      ...own.map((alias) => aliasUrn(alias, identity, urnOf)),
    ];
  });
  const current = urnOf(parent, type, name);
  return [...new Set(below)].filter((urn) => urn !== current);
}

function aliasUrn(
  alias: Alias,
  identity: { readonly type: string; readonly name: string; readonly parent: string },
  urnOf: UrnOf,
): string {
  const spec = alias.getSpec();
  if (!spec) return alias.getUrn();
  const parent = spec.getNoparent() ? "" : spec.getParenturn() || identity.parent;
  return urnOf(parent, spec.getType() || identity.type, spec.getName() || identity.name);
}

function nameOf(urn: string): string {
  return urn.split("::").pop() ?? "";
}

/** Rejects resource options that would decide about the resource and that the local cloud would silently ignore. */
function rejectOptions(request: RegisterResourceRequest): void {
  const options = {
    import: request.getImportid() !== "",
    ignoreChanges: request.getIgnorechangesList().length > 0,
    replaceOnChanges: request.getReplaceonchangesList().length > 0,
    replaceWith: request.getReplaceWithList().length > 0,
    deletedWith: request.getDeletedwith() !== "",
  };
  const used = Object.entries(options).find(([, isUsed]) => isUsed)?.[0];
  if (used === undefined) return;
  throw new Error(
    `the local cloud does not support the resource option ${used}. Leave it out, or deploy to AWS.`,
  );
}
