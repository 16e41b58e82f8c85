import type { LocalService, MadeResource } from "../../../local/aws/resource";

/** What of a declared resource is not the test's point. */
export interface DeclaredIn {
  readonly region?: string;
  readonly name?: string;
}

/** Makes a resource with the service's maker for its type. */
export async function make(
  service: LocalService,
  type: string,
  inputs: Record<string, unknown>,
  { region = "eu-west-1", name = "it" }: DeclaredIn = {},
): Promise<MadeResource> {
  return service.makers[type]({ type, name, region, physicalName: `${name}-0123456`, inputs });
}
