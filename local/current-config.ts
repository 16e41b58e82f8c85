import type { LocalCloudOptions } from "./options";
import { atSpeed, stackConfig } from "./pulumi/stack-config";
import { PROJECT_DIRECTORY } from "./services";

/** Returns the stack's configuration as its files contain it now, with the options of the command line. */
export function currentConfig({ stack, domain, speed }: LocalCloudOptions): Record<string, string> {
  const config = stackConfig(PROJECT_DIRECTORY, stack, {
    "tickets:domainName": domain,
    "tickets:hostedZoneId": undefined,
    "tickets:awsEndpoint": undefined,
  });
  return atSpeed(config, speed);
}
