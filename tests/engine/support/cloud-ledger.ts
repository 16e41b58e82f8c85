import type { DeclaredResource, ExistingResource, ResourceHandler } from "../../../local/aws/resource";

/** Handlers by Pulumi type token. */
type Handlers = Readonly<Record<string, ResourceHandler>>;

/** Every resource that handlers have created, read from them when asked. It knows resources that no state of the engine contains. */
export class CloudLedger {
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

  private recording(handler: ResourceHandler): ResourceHandler {
    const record = (resource: ExistingResource): void => void this.created.set(keyOf(resource), resource);
    return {
      ...handler,
      create: async ({ physicalName, ...resource }: DeclaredResource) => {
        const made = await handler.create({ ...resource, physicalName });
        record({ ...resource, ...made });
        return made;
      },
      update: async (resource, inputs) => {
        const outputs = await handler.update(resource, inputs);
        record({ ...resource, inputs, outputs });
        return outputs;
      },
      read: (resource) => handler.read(resource),
      delete: (resource) => handler.delete(resource),
    };
  }
}

/** Returns what identifies a resource in an account. */
export function keyOf({ type, id }: Pick<ExistingResource, "type" | "id">): string {
  return `${type} ${id}`;
}
