import type {
  CreatedResource,
  DeclaredResource,
  ExistingResource,
  ResourceHandler,
} from "../../../local/aws/resource";

/** Pulumi type token of the queues. */
export const QUEUE = "aws:sqs/queue:Queue";

/** Queues in memory, with a log of every call of their resource handler. */
export class MemoryQueues {
  /** `create a`, `update a`, `delete a`, in the order in which the calls ended. The names are logical. */
  calls: string[] = [];
  /** Queues that exist, by id. */
  readonly existing = new Map<string, DeclaredResource["inputs"]>();
  readonly declared: DeclaredResource[] = [];
  /** Calls that fail, by the form that is logged. */
  readonly failing = new Set<string>();
  /** Promises that calls wait for, by the form that is logged. */
  readonly waiting = new Map<string, Promise<unknown>>();

  readonly handler: ResourceHandler = {
    updatable: ["delaySeconds", "policy", "tags"],
    replacing: { name: "test", fifoQueue: "test", redrivePolicy: "test" },
    autoName: { input: "name", maxLength: 80 },
    create: async (resource) => {
      this.declared.push(resource);
      return this.call("create", resource, (): CreatedResource => {
        const id = `${resource.region}/${resource.inputs.name}`;
        if (this.existing.has(id)) throw new Error(`QueueAlreadyExists: ${id}`);
        this.existing.set(id, resource.inputs);
        return { id, outputs: this.outputs(resource, id, resource.inputs) };
      });
    },
    read: async (resource) => {
      const inputs = this.existing.get(resource.id);
      return inputs && { ...resource, inputs };
    },
    update: (resource, inputs) =>
      this.call("update", resource, () => {
        if (!this.existing.has(resource.id)) throw new Error(`QueueDoesNotExist: ${resource.id}`);
        this.existing.set(resource.id, inputs);
        return this.outputs(resource, resource.id, inputs);
      }),
    delete: (resource) => this.call("delete", resource, () => void this.existing.delete(resource.id)),
  };

  /** Returns the calls since the last call of this method. */
  newCalls(): string[] {
    return this.calls.splice(0);
  }

  private async call<T>(
    operation: string,
    { name }: Pick<ExistingResource, "name">,
    action: () => T,
  ): Promise<T> {
    const text = `${operation} ${name}`;
    await this.waiting.get(text);
    if (this.failing.has(text)) throw new Error("the disk is full");
    const result = action();
    this.calls.push(text);
    return result;
  }

  private outputs(
    { region }: Pick<ExistingResource, "region">,
    id: string,
    inputs: DeclaredResource["inputs"],
  ): CreatedResource["outputs"] {
    return { url: `https://${id}`, region, delay: inputs.delaySeconds };
  }
}
