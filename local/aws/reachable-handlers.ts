import type { Regions } from "./regions";
import type { ResourceHandler } from "./resource";

/**
 * Types of services with one control plane for all regions, so that they change while another region is down.
 * https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html
 */
const GLOBAL_TYPES = /^aws:(cloudfront|iam|route53)\//;
/** Region of the control planes of global services. It can be one of the program's own regions, which can be down. */
const CONTROL_PLANE = "us-east-1";

/**
 * Makes handlers refuse every call to a region that is down, as the provider fails when an endpoint of AWS does not respond. The
 * provider of AWS fails after a series of retries; these fail at once.
 * @param handlers by Pulumi type token.
 */
export function reachableHandlers(
  handlers: Readonly<Record<string, ResourceHandler>>,
  regions: Regions,
): Record<string, ResourceHandler> {
  const check = (region: string, type: string): void => {
    checkReachable(regions, GLOBAL_TYPES.test(type) ? CONTROL_PLANE : region);
  };
  const entries = Object.entries(handlers).map(([type, handler]): [string, ResourceHandler] => [
    type,
    {
      ...handler,
      create: async (resource) => {
        check(resource.region, type);
        return handler.create(resource);
      },
      read: async (resource) => {
        check(resource.region, type);
        return handler.read(resource);
      },
      update: async (resource, inputs) => {
        check(resource.region, type);
        return handler.update(resource, inputs);
      },
      delete: async (resource) => {
        check(resource.region, type);
        return handler.delete(resource);
      },
    },
  ]);
  return Object.fromEntries(entries);
}

/** @throws Error that names a region whose endpoints do not respond. */
export function checkReachable(regions: Regions, region: string): void {
  if (regions.reaches(undefined, region)) return;
  throw new Error(
    `RequestError: send request failed: no endpoint of ${region} responds, because the region is down. ` +
      "Run it again when the region is up, or leave its resources out with the option --exclude of npm run local:pulumi.",
  );
}
