import { randomBytes } from "node:crypto";
import { UnlistedInputError } from "../../aws/inputs";
import type { ExistingResource, ResourceHandler } from "../../aws/resource";
import { changeOf, checkedInputs, type Change, type InputsVersion } from "../changes";
import { Contents } from "../contents";
import type { Tags } from "../default-tags";
import { inOrderOf } from "../unordered";
import { detailedDiff, type PropertyChange } from "./detailed-diff";
import { afterUpdate, afterCreation } from "./preview";
import { fromWire, prepareTexts, toWire, UNKNOWN, type WireProperties } from "./wire";

/** Resource of a request of the engine. */
export interface RequestedResource {
  /** Pulumi type token. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** AWS code of the region of the resource's provider. */
  readonly region: string;
  /** Default tags of the resource's provider; none by default. */
  readonly defaultTags?: Tags;
}

/** Change of a resource that the engine requested, outside a preview. */
export interface ResourceOperation extends RequestedResource {
  readonly kind: "create" | "update" | "delete";
}

/** Options of the operations. */
export interface ResourceOperationsOptions {
  /** By Pulumi type token. */
  readonly resourceHandlers: Readonly<Record<string, ResourceHandler>>;
  /** Base of relative paths of assets and archives. */
  readonly directory: string;
  /** Called before each operation. A rejected promise fails the operation, which then has no effect. */
  readonly before?: (operation: ResourceOperation) => Promise<void> | void;
}

/** Input that is rejected, and why. */
export interface CheckProblem {
  readonly property: string;
  readonly reason: string;
}

/** State of a resource in the engine. */
export interface StoredResource {
  readonly id: string;
  readonly outputs: WireProperties;
  readonly inputs: WireProperties;
}

/** Difference between two versions of a resource's inputs. */
export interface ResourceDiff extends Change {
  /** By path of the changed value. */
  readonly details: ReadonlyMap<string, PropertyChange>;
}

/** Translates the engine's requests about resources to calls of their handlers. Properties are in the wire format. */
export class ResourceOperations {
  constructor(private readonly options: ResourceOperationsOptions) {}

  /**
   * Checks the inputs of the program and fills in a generated name.
   * @param seed random bytes of the engine, from which a new name is generated.
   * @throws Error that names a resource type that is not emulated.
   */
  check(
    resource: RequestedResource,
    { olds, news, seed }: { olds: WireProperties; news: WireProperties; seed: Uint8Array },
  ): { inputs: WireProperties; problems: readonly CheckProblem[] } {
    const handler = this.handlerOf(resource);
    const previous = fromWire(olds);
    const { inputs } = fromWire(news);
    try {
      const declared = { ...resource, physicalName: `${resource.name}-${suffixOf(seed)}`, inputs };
      const checked = checkedInputs(handler, declared, {
        inputs: previous.inputs,
        isAutoNamed: previous.defaults.length > 0,
      });
      const defaults = checked.isAutoNamed && handler.autoName ? [handler.autoName.input] : [];
      return { inputs: toWire(checked.inputs, defaults), problems: [] };
    } catch (error) {
      const property = error instanceof UnlistedInputError ? error.input : (handler.autoName?.input ?? "");
      return { inputs: news, problems: [{ property, reason: (error as Error).message }] };
    }
  }

  /** Compares the inputs of a resource with those of the program. In a preview, an unknown input counts as changed. */
  async diff(resource: RequestedResource, olds: WireProperties, news: WireProperties): Promise<ResourceDiff> {
    const contents = new Contents(this.options.directory);
    const [previous, next] = await Promise.all([version(olds, contents), version(news, contents)]);
    const handler = this.handlerOf(resource);
    const change = changeOf(withKnownInputs(handler), previous, next);
    const comparable = inOrderOf(handler, previous.comparable, next.comparable);
    return { ...change, details: detailedDiff(comparable, next.comparable, change) };
  }

  /** Creates a resource. A preview only predicts the outputs. */
  async create(
    resource: RequestedResource,
    properties: WireProperties,
    isPreview: boolean,
  ): Promise<{ id: string; outputs: WireProperties }> {
    const handler = this.handlerOf(resource);
    const { inputs } = fromWire(properties);
    if (isPreview) return { id: "", outputs: toWire(afterCreation(inputs)) };
    await this.options.before?.({ ...resource, kind: "create" });
    // Two resources with one logical name exist at once during a replacement, so their ids differ.
    const physicalName = `${resource.name}-${suffixOf(randomBytes(16))}`;
    const { id, outputs } = await handler.create({ ...resource, physicalName, inputs });
    return { id, outputs: toWire({ ...inputs, ...outputs }) };
  }

  /** Returns a resource as it is now; undefined if it no longer exists. Stored inputs and outputs are empty in an import. */
  async read(resource: RequestedResource, stored: StoredResource): Promise<StoredResource | undefined> {
    const handler = this.handlerOf(resource);
    const before = existing(resource, stored);
    const now = await handler.read(before);
    if (!now) return undefined;
    const { defaults } = fromWire(stored.inputs);
    await prepareTexts(now.inputs);
    // Another order would count as a difference of the resource from the state.
    return {
      id: now.id,
      inputs: toWire(inOrderOf(handler, now.inputs, before.inputs), defaults),
      outputs: toWire({ ...inOrderOf(handler, now.inputs, before.outputs), ...now.outputs }),
    };
  }

  /** Changes a resource in place and returns its outputs. A preview only predicts them. */
  async update(
    resource: RequestedResource,
    stored: StoredResource,
    news: WireProperties,
    isPreview: boolean,
  ): Promise<WireProperties> {
    const handler = this.handlerOf(resource);
    const before = existing(resource, stored);
    const { inputs } = fromWire(news);
    if (isPreview) {
      const { changed } = await this.diff(resource, stored.inputs, news);
      return toWire(afterUpdate(before, inputs, handler.recomputed?.(inputs, changed)));
    }
    await this.options.before?.({ ...resource, kind: "update" });
    return toWire({ ...inputs, ...(await handler.update(before, inputs)) });
  }

  /** Deletes a resource. */
  async delete(resource: RequestedResource, stored: StoredResource): Promise<void> {
    await this.options.before?.({ ...resource, kind: "delete" });
    await this.handlerOf(resource).delete(existing(resource, stored));
  }

  private handlerOf({ type }: RequestedResource): ResourceHandler {
    const { resourceHandlers } = this.options;
    if (Object.hasOwn(resourceHandlers, type)) return resourceHandlers[type];
    throw new Error(`The local cloud does not emulate the resource type ${type}; see docs/local-cloud.md.`);
  }
}

async function version(properties: WireProperties, contents: Contents): Promise<InputsVersion> {
  const { inputs, defaults } = fromWire(properties);
  return { inputs, isAutoNamed: defaults.length > 0, comparable: await contents.comparable(inputs) };
}

/**
 * Rules between inputs take an unknown input as unchanged: they expect values, and an unknown input counts as changed anyway.
 */
function withKnownInputs(handler: ResourceHandler): ResourceHandler {
  const { replacingChanges } = handler;
  if (!replacingChanges) return handler;
  return {
    ...handler,
    replacingChanges: (previous, next) => {
      const known = Object.entries(next).map(([name, value]) => [
        name,
        isPartlyUnknown(value) ? previous[name] : value,
      ]);
      return replacingChanges(previous, Object.fromEntries(known));
    },
  };
}

function isPartlyUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(isPartlyUnknown);
}

function existing(resource: RequestedResource, { id, inputs, outputs }: StoredResource): ExistingResource {
  return { ...resource, id, inputs: fromWire(inputs).inputs, outputs: fromWire(outputs).inputs };
}

/** Returns seven hexadecimal digits, the suffix of Pulumi's generated names. Without a seed they are random. */
function suffixOf(seed: Uint8Array): string {
  return Buffer.from(seed.length > 0 ? seed : randomBytes(16))
    .toString("hex")
    .slice(0, 7);
}
