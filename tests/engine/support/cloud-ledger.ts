import type { DeclaredResource, ExistingResource, ResourceHandler } from "../../../local/aws/resource";

/** Handlers by Pulumi type token. */
type Handlers = Readonly<Record<string, ResourceHandler>>;

/** Every resource that handlers have created, read from them when asked. It knows resources that no state of the engine contains. */
export class CloudLedger {
  /** Number of creations, updates and deletions that ended, failed ones included. */
  ended = 0;
  private handlers: Handlers = {};
  private readonly created = new Map<string, ExistingResource>();

  /** Returns handlers that record what they create and change. */
  recordCalls(handlers: Handlers): Handlers {
    this.handlers = handlers;
    const recording = Object.entries(handlers).map(([type, handler]) => [type, this.recording(handler)]);
    return Object.fromEntries(recording) as Handlers;
  }

  /** Returns the resources that exist now. */
  async existing(): Promise<ExistingResource[]> {
    const found: ExistingResource[] = [];
    for (const resource of this.created.values())
      if (await this.handlers[resource.type].read(resource)) found.push(resource);
    return found;
  }

  /** Deletes a resource without an engine, as an operator does. */
  delete(resource: ExistingResource): Promise<void> {
    return this.handlers[resource.type].delete(resource);
  }

  private recording(handler: ResourceHandler): ResourceHandler {
    const record = (resource: ExistingResource): void => void this.created.set(keyOf(resource), resource);
    const counted = <T>(call: Promise<T>): Promise<T> => call.finally(() => this.ended++);
    return {
      ...handler,
      create: async ({ physicalName, ...resource }: DeclaredResource) => {
        const made = await counted(handler.create({ ...resource, physicalName }));
        record({ ...resource, ...made });
        return made;
      },
      update: async (resource, inputs) => {
        const outputs = await counted(handler.update(resource, inputs));
        record({ ...resource, inputs, outputs });
        return outputs;
      },
      read: (resource) => handler.read(resource),
      delete: (resource) => counted(handler.delete(resource)),
    };
  }
}

/** Returns what identifies a resource in an account. Ids of some types repeat, such as the name of an API's stage. */
export function keyOf({ type, name, id }: Pick<ExistingResource, "type" | "name" | "id">): string {
  return `${type} ${name} ${id}`;
}
