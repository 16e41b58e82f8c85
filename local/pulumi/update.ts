import type { CreatedResource, ResourceHandler } from "../aws/resource";
import { Change, changeOf, CheckedInputs, checkedInputs } from "./changes";
import type { Contents } from "./contents";
import { dependentsToReplace } from "./dependents";
import { deleteProtected, replaceProtected } from "./protection";
import type { Registration } from "./registration";
import { ResourceError } from "./resource-error";
import { existing, inOrder, ResourceRecord, StackState } from "./stack-state";

/** Change of one resource, in the words of the Pulumi engine. */
export interface Step {
  readonly operation:
    "same" | "create" | "update" | "create-replacement" | "delete-replaced" | "delete" | "discard";
  readonly type: string;
  readonly name: string;
  /** Changed inputs of an update or a replacement. */
  readonly changed: readonly string[];
}

/**
 * One update of a stack: compares each resource that the program registers with the one that exists, applies the difference with its
 * resource handler, and deletes at the end what the program no longer declares. The state is changed after each step, so that it is
 * true whenever an update ends early, and the next update completes what is missing.
 */
export class Update {
  /** What was done, in the order of completion. */
  readonly steps: Step[] = [];
  private readonly registered = new Set<string>();
  /** URNs of resources that were deleted before a resource that they depend on was replaced. */
  private readonly replacedDependents = new Set<string>();
  private readonly deletions = new Map<ResourceRecord, Promise<void>>();
  private readonly physicalNames = new Map<Registration, string[]>();

  constructor(
    private readonly state: StackState,
    private readonly handlers: Readonly<Record<string, ResourceHandler>>,
    private readonly contents: Contents,
  ) {}

  /**
   * Brings a resource to the state that the program declares.
   * @throws Error that names the resource and what could not be done with it.
   */
  async register(registration: Registration): Promise<CreatedResource> {
    const { urn, aliases, type, name } = registration;
    const previous = this.state.find([urn, ...aliases.filter((alias) => !this.registered.has(alias))]);
    try {
      if (this.registered.has(urn))
        throw new Error(`duplicate resource URN "${urn}"; try giving it a unique name`);
      this.registered.add(urn);
      if (previous) this.registered.add(previous.urn);
      const record = previous ? await this.change(previous, registration) : await this.create(registration);
      return {
        id: record.id,
        outputs: { ...generatedName(this.handlerOf(type), record), ...record.outputs },
      };
    } catch (error) {
      // The next attempt takes the same names.
      this.physicalNames.get(registration)?.forEach((taken) => this.state.releasePhysicalName(taken));
      throw new ResourceError(type, name, previous ? "updated" : "created", error);
    }
  }

  /**
   * Deletes what the program no longer declares and what was replaced, in reverse order of the dependencies.
   * @throws Error of the first resource that cannot be deleted; the rest stays for the next update. Nothing is deleted if one of the
   *   undeclared resources is protected.
   */
  async deleteOthers(): Promise<void> {
    const undeclared = this.state.all().filter(({ urn }) => !this.registered.has(urn));
    const kept = undeclared.find((record) => record.protect);
    if (kept) throw new ResourceError(kept.type, kept.name, "deleted", deleteProtected(kept));
    const all = inOrder([...undeclared, ...this.state.replacedResources()]);
    for (const record of all.reverse())
      await this.delete(record, undeclared.includes(record) ? "delete" : "delete-replaced");
  }

  private async create(registration: Registration): Promise<ResourceRecord> {
    const isReplacement = this.replacedDependents.has(registration.urn);
    return this.state.put(
      await this.created(registration, isReplacement ? "create-replacement" : "create", []),
    );
  }

  private async change(previous: ResourceRecord, registration: Registration): Promise<ResourceRecord> {
    const handler = this.handlerOf(registration.type);
    const newPhysicalName = (): string => this.newPhysicalName(registration);
    const resource = {
      ...registration,
      // Read only when the program no longer gives an explicit name.
      get physicalName() {
        return newPhysicalName();
      },
    };
    const next = await this.version(checkedInputs(handler, resource, previous), registration);
    const change = changeBetween(handler, previous, next);
    if (change.kind === "replace") return this.replace(previous, registration, change);
    if (change.kind === "none") {
      this.done("same", registration);
      return this.state.put({ ...next, id: previous.id, outputs: previous.outputs }, previous);
    }
    const outputs = await handler.update(existing(previous), next.inputs);
    this.done("update", registration, change.changed);
    return this.state.put({ ...next, id: previous.id, outputs }, previous);
  }

  private async replace(
    previous: ResourceRecord,
    registration: Registration,
    { changed, deleteBeforeReplace }: Change,
  ): Promise<ResourceRecord> {
    if (previous.protect && registration.protect) throw replaceProtected(previous);
    if (!(registration.deleteBeforeReplace ?? deleteBeforeReplace))
      return this.state.replaceBy(await this.created(registration, "create-replacement", changed), previous);
    const dependents = dependentsToReplace(previous, this.state.all(), (record) => {
      return this.registered.has(record.urn) ? undefined : this.handlerOf(record.type);
    });
    const kept = dependents.find((record) => record.protect);
    if (kept) throw replaceProtected(kept, previous);
    for (const dependent of dependents.reverse()) {
      this.replacedDependents.add(dependent.urn);
      await this.delete(dependent, "delete-replaced");
    }
    await this.delete(previous, "delete-replaced");
    return this.state.put(await this.created(registration, "create-replacement", changed));
  }

  private async created(
    registration: Registration,
    operation: Step["operation"],
    changed: readonly string[],
  ): Promise<Omit<ResourceRecord, "order">> {
    const { type, name } = registration;
    const handler = this.handlerOf(type);
    const physicalName = this.newPhysicalName(registration);
    const checked = checkedInputs(handler, { ...registration, physicalName });
    const { region } = registration;
    // Before the creation: after it nothing may fail, because the state would not contain the resource.
    const version = await this.version(checked, registration);
    const { id, outputs } = await handler.create({
      type,
      name,
      region,
      physicalName,
      inputs: checked.inputs,
    });
    this.done(operation, registration, changed);
    return { ...version, id, outputs };
  }

  private newPhysicalName(registration: Registration): string {
    const physicalName = this.state.takePhysicalName(registration.type, registration.name);
    const others = this.physicalNames.get(registration) ?? [];
    this.physicalNames.set(registration, [...others, physicalName]);
    return physicalName;
  }

  private delete(record: ResourceRecord, operation: Step["operation"]): Promise<void> {
    const deletion = this.deletions.get(record) ?? this.deleteNow(record, operation);
    this.deletions.set(record, deletion);
    return deletion;
  }

  private async deleteNow(record: ResourceRecord, operation: Step["operation"]): Promise<void> {
    const { type, name, retainOnDelete } = record;
    try {
      if (!retainOnDelete) await this.handlerOf(type).delete(existing(record));
    } catch (error) {
      throw new ResourceError(type, name, "deleted", error);
    }
    this.state.remove(record);
    this.done(retainOnDelete ? "discard" : operation, record);
  }

  private async version(
    checkedInputs: CheckedInputs,
    registration: Registration,
  ): Promise<Omit<ResourceRecord, "order" | "id" | "outputs">> {
    return {
      ...registration,
      ...checkedInputs,
      comparable: await this.contents.comparable(checkedInputs.inputs),
    };
  }

  private handlerOf(type: string): ResourceHandler {
    const handler = this.handlers[type];
    if (handler) return handler;
    throw new Error("the local cloud does not emulate this resource type; see docs/local-cloud.md.");
  }

  private done(
    operation: Step["operation"],
    { type, name }: Pick<Registration, "type" | "name">,
    changed: readonly string[] = [],
  ): void {
    this.steps.push({ operation, type, name, changed });
  }
}

/** A resource whose provider has moved to another region is replaced, as are all resources of a replaced provider. */
function changeBetween(
  handler: ResourceHandler,
  previous: ResourceRecord,
  next: Omit<ResourceRecord, "order" | "id" | "outputs">,
): Change {
  const change = changeOf(handler, previous, next);
  if (previous.region === next.region) return change;
  const region = ["region"];
  return {
    ...change,
    kind: "replace",
    changed: [...change.changed, ...region],
    replacing: [...change.replacing, ...region],
  };
}

/** Returns the input that the program left out and that contains a generated name. */
function generatedName({ autoName }: ResourceHandler, { inputs, isAutoNamed }: CheckedInputs): object {
  return autoName && isAutoNamed ? { [autoName.input]: inputs[autoName.input] } : {};
}
