import { ExistingResource, physicalNameOf } from "../aws/resource";
import type { InputsVersion } from "./changes";
import type { Registration } from "./registration";

/** Resource that exists, with what is needed to compare, change and delete it. */
export interface ResourceRecord extends InputsVersion, Omit<Registration, "inputs" | "aliases"> {
  readonly id: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Position among the resources in the order in which runs registered them; dependencies come first. */
  readonly order: number;
}

/** Resources of a stack, kept from one run of the program to the next. */
export class StackState {
  private readonly current = new Map<string, ResourceRecord>();
  private readonly replaced = new Set<ResourceRecord>();
  private readonly takenNames = new Set<string>();
  private nextOrder = 0;

  /** @param stack name of the Pulumi stack, part of generated names. */
  constructor(private readonly stack: string) {}

  /** Returns the resource with the first of the URNs that exists. */
  find(urns: readonly string[]): ResourceRecord | undefined {
    const found = urns.find((urn) => this.current.has(urn));
    return found === undefined ? undefined : this.current.get(found);
  }

  /** Returns all resources, the replaced ones excluded, in order. */
  all(): ResourceRecord[] {
    return inOrder(this.current.values());
  }

  /** Returns the resources that have a replacement and are not deleted yet. */
  replacedResources(): ReadonlySet<ResourceRecord> {
    return this.replaced;
  }

  /**
   * Records that a resource exists, after every resource that is recorded so far.
   * @param previous the resource as it was before the change, maybe under another URN.
   */
  put(record: Omit<ResourceRecord, "order">, previous?: ResourceRecord): ResourceRecord {
    const ordered = { ...record, order: this.nextOrder++ };
    if (previous) this.current.delete(previous.urn);
    this.current.set(record.urn, ordered);
    return ordered;
  }

  /** Records that a replacement of the resource exists, so that the resource itself must be deleted. */
  replaceBy(record: Omit<ResourceRecord, "order">, previous: ResourceRecord): ResourceRecord {
    this.replaced.add(previous);
    return this.put(record, previous);
  }

  /** Records that a resource no longer exists. */
  remove(record: ResourceRecord): void {
    this.replaced.delete(record);
    if (this.current.get(record.urn) === record) this.current.delete(record.urn);
  }

  /**
   * Takes the name for a resource that is about to be created, unique within the stack. A resource's first name is the same at every
   * start of the stack, because folders with data depend on it.
   */
  takePhysicalName(type: string, name: string): string {
    for (let generation = 0; ; generation++) {
      const stack = generation === 0 ? this.stack : `${this.stack}#${generation}`;
      const physicalName = physicalNameOf(stack, type, name);
      if (this.takenNames.has(physicalName)) continue;
      this.takenNames.add(physicalName);
      return physicalName;
    }
  }

  /** Makes a name available again that no resource has received. */
  releasePhysicalName(physicalName: string): void {
    this.takenNames.delete(physicalName);
  }
}

/** Returns the resources in the order of their dependencies. */
export function inOrder(records: Iterable<ResourceRecord>): ResourceRecord[] {
  return [...records].sort((one, other) => one.order - other.order);
}

/** Returns the resource as its handler receives it. */
export function existing({ type, name, region, inputs, id, outputs }: ResourceRecord): ExistingResource {
  return { type, name, region, inputs, id, outputs };
}
