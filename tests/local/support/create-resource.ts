import type { LocalService, CreatedResource } from "../../../local/aws/resource";

/** Optional properties of a declared resource. */
export interface DeclaredIn {
  readonly region?: string;
  readonly name?: string;
}

/** Creates a resource with the service's handler for its type. */
export async function createResource(
  service: LocalService,
  type: string,
  inputs: Record<string, unknown>,
  { region = "eu-west-1", name = "it" }: DeclaredIn = {},
): Promise<CreatedResource> {
  return service.resourceHandlers[type].create({
    type,
    name,
    region,
    physicalName: `${name}-0123456`,
    inputs,
  });
}
