import { checkInputs } from "../../../local/aws/inputs";
import type {
  DeclaredResource,
  ExistingResource,
  LocalService,
  ReadResource,
  ResourceHandler,
} from "../../../local/aws/resource";

/** Optional properties of a declared resource. */
export interface DeclaredIn {
  readonly region?: string;
  readonly name?: string;
  /** `<name>-0123456` by default. Set it for a second resource of the same type and name, such as a replacement. */
  readonly physicalName?: string;
}

/** Service whose resources the functions of this module change. */
type HandlerOwner = Pick<LocalService, "resourceHandlers">;

/**
 * Creates a resource with the service's handler for its type, as a driver does: the name that Pulumi generates is filled in, and
 * inputs that the handler does not list are rejected.
 * @returns the resource, to pass to `updateResource`, `readResource` and `deleteResource`.
 */
export async function createResource(
  service: HandlerOwner,
  type: string,
  inputs: DeclaredResource["inputs"],
  { region = "eu-west-1", name = "it", physicalName = `${name}-0123456` }: DeclaredIn = {},
): Promise<ExistingResource> {
  const handler = service.resourceHandlers[type];
  const declared = withName(handler, { type, name, region, physicalName, inputs }, physicalName);
  checkInputs(handler, declared);
  const { id, outputs } = await handler.create(declared);
  return { type, name, region, inputs: declared.inputs, id, outputs };
}

/**
 * Updates a resource in place, as a driver does. A generated name is kept.
 * @param inputs all inputs after the change.
 * @returns the resource after the change.
 */
export async function updateResource(
  service: HandlerOwner,
  existing: ExistingResource,
  inputs: DeclaredResource["inputs"],
): Promise<ExistingResource> {
  const handler = service.resourceHandlers[existing.type];
  const oldName: string | undefined = handler.autoName && existing.inputs[handler.autoName.input];
  const declared = withName(handler, { ...existing, physicalName: "", inputs }, oldName);
  checkInputs(handler, declared);
  const outputs = await handler.update(existing, declared.inputs);
  return { ...existing, inputs: declared.inputs, outputs };
}

/** Returns a resource as it is now, or undefined if it no longer exists. */
export async function readResource(
  service: HandlerOwner,
  existing: ExistingResource,
): Promise<ReadResource | undefined> {
  return service.resourceHandlers[existing.type].read(existing);
}

/** Deletes a resource. */
export async function deleteResource(service: HandlerOwner, existing: ExistingResource): Promise<void> {
  await service.resourceHandlers[existing.type].delete(existing);
}

function withName(
  { autoName }: ResourceHandler,
  resource: DeclaredResource,
  generated: string | undefined,
): DeclaredResource {
  if (!autoName || resource.inputs[autoName.input] !== undefined) return resource;
  return { ...resource, inputs: { ...resource.inputs, [autoName.input]: generated } };
}
